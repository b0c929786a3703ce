// EpochWriter: applies one epoch's operations inside a transaction that the publisher has opened:
// chunks of consecutive operations of one kind and sink go through a temporary table. When the
// server refuses rows for good, the chunk is halved (kit/halving.hpp) under savepoints. A statement
// that fails without rows as well is the target's failure. Text that its column's input function
// does not read is the row's fault whatever the state: such functions speak of syntax, of names
// that they look up, and of errors of their own. One use per transaction; one thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "connectors/postgres/pg_client.hpp"
#include "connectors/postgres/pg_operation.hpp"
#include "kit/halving.hpp"
#include "kit/sql_target.hpp"

namespace sluice::postgres {

class EpochWriter final : public SqlWriter {
 public:
  EpochWriter(PgClient& client, std::vector<SinkDefinition> sinks)
      : client_(client), sinks_(std::move(sinks)) {}

  // A reader's failure comes back as a failure with SQLSTATE "XX000" and the reader's error.
  // The server's failures name sink and table.
  SqlResult<void> write(OperationReader& operations) override;
  const std::vector<Reject>& rejects() const override { return rejects_; }

 private:
  struct PendingOperation {
    uint64_t index;
    std::string bytes;  // tuple without the kind
  };
  class Part;
  struct Chunk {
    uint32_t sink = 0;
    char kind = 0;
    size_t bytes = 0;
    std::vector<PendingOperation> operations;
  };

  SqlResult<void> flush(Chunk& chunk);
  // Under a savepoint: all of the part, or none of it.
  SqlResult<void> apply_whole(const Chunk& chunk, size_t first, size_t last);
  SqlResult<void> reject(const Chunk& chunk, size_t index, SqlFailure failure);
  // Nothing, or the failure that is the target's.
  SqlResult<void> blame_row(const Chunk& chunk, const SqlFailure& failure);
  SqlResult<void> apply(const Chunk& chunk, size_t first, size_t last);
  SqlResult<void> stage(const Chunk& chunk, size_t first, size_t last);
  // Whether rows are to blame for a failure of applying them, which was undone.
  SqlResult<bool> is_of_rows(const SqlFailure& failure, const Chunk& chunk, size_t first,
                             size_t last);
  SqlResult<void> prepare_table(uint32_t sink, char kind);
  std::vector<SinkDefinition::DefinedColumn> staged_columns(uint32_t sink, char kind) const;
  std::string staging_table(uint32_t sink, char kind) const;
  // A column of the stage as a value of the table's column.
  std::string staged_value(uint32_t sink, const std::string& column) const;
  std::string merge_sql(uint32_t sink, char kind) const;
  // Reads all staged text as its columns do; empty: no column reads text.
  std::string reading_sql(uint32_t sink, char kind) const;
  SqlResult<void> run(const std::string& sql);

  PgClient& client_;
  std::vector<SinkDefinition> sinks_;
  std::vector<Reject> rejects_;
  std::set<std::pair<uint32_t, char>> prepared_;
  // Of the tables' columns that read text: their types, by sink and name.
  std::map<std::pair<uint32_t, std::string>, std::string> text_readers_;
  std::set<std::pair<uint32_t, char>> sound_;  // whose statement passes without rows
};

}  // namespace sluice::postgres
