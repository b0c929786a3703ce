// SqlTarget: a database that speaks SQL, as SqlPublisher (kit/sql_publisher.hpp) needs it: one
// connection, statements with text parameters, the texts of the marker's statements, and a writer
// of rows. A connector implements it and has a whole Publisher. Owned by its publisher and called
// by its thread; blocks up to the timeouts of the client.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataflow/publisher.hpp"

namespace sluice {

// A failed statement: its code for the user, and what the server said.
struct SqlFailure {
  std::string sqlstate;  // empty: the connection was lost
  Error error;
  // What a row may be to blame for, and would be again: data exceptions, violated constraints.
  bool refuses_row = false;
  // Serialization failures and deadlocks: the whole transaction may be tried again.
  bool is_conflict = false;

  bool is_connection_lost() const { return sqlstate.empty(); }
};
template <class T>
using SqlResult = tl::expected<T, SqlFailure>;

// An Error that is not of a statement, on its way through those that are.
inline tl::unexpected<SqlFailure> sql_failure(Error error) {
  return tl::unexpected(SqlFailure{"XX000", std::move(error)});
}

using SqlText = std::optional<std::string>;  // none: NULL
struct SqlRows {
  std::vector<std::vector<SqlText>> rows;
  uint64_t changed = 0;  // rows that the statement wrote
};

// The marker is one row by target id of a table that the publisher creates at the first claim.
// Parameters stand in the order given here.
struct SqlMarkerTable {
  std::string name;
  std::string create;         // the table, if it is not there
  std::string exists;         // one row when the table is there, else none
  std::string select;         // uid, owner, epoch, checksum, rejects checksum | target id
  std::string select_locked;  // the same, kept from others until the transaction ends
  std::string insert;         // an unused marker | target id, owner, uid
  std::string set_owner;      // | target id, owner, uid
  // A new epoch without rejects, over the marker that it follows
  // | target id, epoch, checksum, owner, epoch before, checksum before
  std::string move;
  std::string set_rejects;  // | target id, rejects checksum
};

struct SqlFailpoints {
  Failpoint after_marker;   // the marker row updated, no rows yet
  Failpoint after_rows;     // rows written, not committed
  Failpoint after_rejects;  // rejects synced, not committed
  Failpoint after_commit;   // COMMIT sent, answer not used
};

// Writes one epoch's operations inside a transaction that is open already. One use.
class SqlWriter {
 public:
  virtual ~SqlWriter() = default;
  virtual SqlResult<void> write(OperationReader& operations) = 0;
  // Of what was written so far.
  virtual const std::vector<Reject>& rejects() const = 0;
};

class SqlTarget {
 public:
  virtual ~SqlTarget() = default;
  // Makes sure that a connection stands, to a server that suits: its transactions last, and its
  // session is the connection's own. Error target_unsuitable.
  virtual Status connect() = 0;
  virtual void disconnect() = 0;
  virtual Result<std::string> identity() = 0;

  virtual const SqlMarkerTable& marker_table() const = 0;
  virtual const SqlFailpoints& failpoints() const = 0;
  // "BEGIN", with whatever bounds the wait for locks.
  virtual std::string begin() const = 0;
  // Who keeps the marker locked, for a message; empty: not known.
  virtual std::string lock_holders() = 0;

  // Without parameters; several statements allowed.
  virtual SqlResult<void> run(const std::string& sql) = 0;
  virtual SqlResult<SqlRows> query(const std::string& sql,
                                   const std::vector<SqlText>& parameters) = 0;
  // A failure that lost the connection is no definite answer; any other one says that nothing was
  // committed.
  virtual SqlResult<void> commit() = 0;

  // By SinkDescription::definition(). Error state_version.
  virtual Result<std::unique_ptr<SqlWriter>> make_writer(
      const std::vector<std::string>& definitions) = 0;
  // "sink totals, table ads.gmv_minute", for messages.
  virtual std::string place_of(const std::string& definition) const = 0;
};

}  // namespace sluice
