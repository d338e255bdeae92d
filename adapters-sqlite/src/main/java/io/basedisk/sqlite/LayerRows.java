package io.basedisk.sqlite;

import static io.basedisk.sqlite.jooq.Tables.BASES;
import static io.basedisk.sqlite.jooq.Tables.LAYER_CHUNKS;

import com.google.common.base.Preconditions;
import com.google.common.collect.ImmutableList;
import io.basedisk.domain.model.BaseDisk;
import io.basedisk.domain.model.BaseDiskId;
import io.basedisk.domain.model.artifact.ChainId;
import io.basedisk.domain.model.artifact.Chunk;
import io.basedisk.domain.model.artifact.Sha256;
import io.basedisk.domain.port.LayerRecords;
import io.basedisk.sqlite.jooq.tables.records.LayerChunksRecord;
import java.util.Optional;
import org.jooq.CommonTableExpression;
import org.jooq.Field;
import org.jooq.Record1;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The bases as layers: column {@code bases.chain_id} and table {@code layer_chunks}. */
final class LayerRows implements LayerRecords {

  /** Reads the digest of a base. An absent base and one without a digest have no row. */
  private static final HotStatement DIGEST_OF =
      new HotStatement(
          (sql, values) ->
              sql.select(BASES.DIGEST)
                  .from(BASES)
                  .where(BASES.ID.eq(values.of(BASES.ID)))
                  .and(BASES.DIGEST.isNotNull()));

  private static final HotStatement INSERT_CHUNKS =
      new HotStatement(
          (sql, values) ->
              values.into(
                  sql,
                  LAYER_CHUNKS,
                  LAYER_CHUNKS.BASE_ID,
                  LAYER_CHUNKS.ORDINAL,
                  LAYER_CHUNKS.BLOB,
                  LAYER_CHUNKS.BLOB_BYTES,
                  LAYER_CHUNKS.CONTENT,
                  LAYER_CHUNKS.CONTENT_BYTES));

  private final Session session;

  LayerRows(Session session) {
    this.session = session;
  }

  // Queries.

  @Override
  public Optional<ChainId> findChainId(BaseDiskId base) {
    return session.find(
        session
            .sql()
            .select(BASES.CHAIN_ID)
            .from(BASES)
            .where(BASES.ID.eq(base.value()))
            .and(BASES.CHAIN_ID.isNotNull()),
        row -> new ChainId(new Sha256(row.value1())));
  }

  @Override
  public ImmutableList<BaseDisk> listByChainId(ChainId chain) {
    return session.list(
        session
            .sql()
            .select(BaseColumns.OF_BASE)
            .from(BASES)
            .where(BASES.CHAIN_ID.eq(chain.digest().hex()))
            .orderBy(BASES.CREATED_AT.desc(), BASES.SEQ.desc()),
        row -> BaseColumns.toBase(row::get));
  }

  @Override
  public ImmutableList<Chunk> listChunks(BaseDiskId base) {
    return session.list(
        session
            .sql()
            .selectFrom(LAYER_CHUNKS)
            .where(LAYER_CHUNKS.BASE_ID.eq(base.value()))
            .orderBy(LAYER_CHUNKS.ORDINAL),
        LayerRows::toChunk);
  }

  private static Chunk toChunk(LayerChunksRecord row) {
    return new Chunk(
        new Sha256(row.getBlob()),
        row.getBlobBytes(),
        new Sha256(row.getContent()),
        row.getContentBytes());
  }

  // Changes.

  @Override
  public void putChainId(BaseDiskId base, ChainId chain) {
    session.change(
        () -> {
          requireDigest(base);
          session
              .sql()
              .update(BASES)
              .set(BASES.CHAIN_ID, chain.digest().hex())
              .where(BASES.ID.eq(base.value()))
              .execute();
        });
  }

  @Override
  public void putChunks(BaseDiskId base, ImmutableList<Chunk> chunks) {
    session.change(
        () -> {
          requireDigest(base);
          deleteChunks(base);
          HotStatement.Values rows = INSERT_CHUNKS.rows();
          long ordinal = 0;
          for (Chunk chunk : chunks) {
            rows.row()
                .with(LAYER_CHUNKS.BASE_ID, base.value())
                .with(LAYER_CHUNKS.ORDINAL, ordinal++)
                .with(LAYER_CHUNKS.BLOB, chunk.blob().hex())
                .with(LAYER_CHUNKS.BLOB_BYTES, chunk.blobBytes())
                .with(LAYER_CHUNKS.CONTENT, chunk.content().hex())
                .with(LAYER_CHUNKS.CONTENT_BYTES, chunk.contentBytes());
          }
          session.run(rows);
        });
  }

  private void requireDigest(BaseDiskId base) {
    if (digestOf(base).isEmpty()) {
      new BaseConflicts(session).checkExists(base);
      Preconditions.checkArgument(false, "base %s has no digest", base);
    }
  }

  private Optional<String> digestOf(BaseDiskId base) {
    return session.find(DIGEST_OF.with(BASES.ID, base.value()), row -> row.get(BASES.DIGEST));
  }

  /**
   * Deletes what follows from the digest of a base, if the digest changes.
   *
   * @param digest the new digest; null for none
   */
  void dropUnlessDigest(BaseDiskId base, @Nullable String digest) {
    if (digestOf(base).filter(old -> !old.equals(digest)).isPresent()) {
      deleteChunks(base);
      dropChainIds(base);
    }
  }

  private void deleteChunks(BaseDiskId base) {
    session.sql().deleteFrom(LAYER_CHUNKS).where(LAYER_CHUNKS.BASE_ID.eq(base.value())).execute();
  }

  /** Deletes the chain ids of a base and of all bases above it. */
  void dropChainIds(BaseDiskId base) {
    Table<?> above = DSL.table(DSL.name("above"));
    Field<String> id = DSL.field(DSL.name("above", "id"), String.class);
    CommonTableExpression<Record1<String>> bases =
        DSL.name("above")
            .fields("id")
            .as(
                DSL.select(BASES.ID)
                    .from(BASES)
                    .where(BASES.ID.eq(base.value()))
                    .union(
                        DSL.select(BASES.ID)
                            .from(BASES)
                            .join(above)
                            .on(BASES.PARENT_ID.eq(id))
                            .where(BASES.CHAIN_ID.isNotNull())));
    session
        .sql()
        .withRecursive(bases)
        .update(BASES)
        .setNull(BASES.CHAIN_ID)
        .where(BASES.ID.in(DSL.select(id).from(above)))
        .execute();
  }
}
