package io.basedisk.domain;

import io.basedisk.domain.testing.NoCommandsContract;

final class NoCommandsTest extends NoCommandsContract {}
