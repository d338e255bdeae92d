package io.basedisk.qcow2;

import io.basedisk.domain.testing.NoCommandsContract;

final class NoCommandsTest extends NoCommandsContract {}
