package io.basedisk.app;

import io.basedisk.domain.testing.NoCommandsContract;

final class NoCommandsTest extends NoCommandsContract {}
