package io.basedisk.sqlite;

import io.basedisk.domain.testing.NoCommandsContract;

final class NoCommandsTest extends NoCommandsContract {}
