// A connection to PostgreSQL that closes itself, and statements whose failures are catalogue codes.
// One thread at a time; blocks up to the timeouts it sets on the session, and not much longer when
// the server is too far gone to keep them.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "config/option_spec.hpp"
#include "kit/sql_target.hpp"

namespace sluice::postgres {

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using QueryResult = std::unique_ptr<PGresult, ResultDeleter>;

class PgClient {
 public:
  // Connects. Errors: connection_failed, authentication_failed.
  static Result<PgClient> connect(const Options& connection);

  // Without parameters; several statements allowed.
  SqlResult<QueryResult> execute(const std::string& sql);
  // One statement with text parameters; nullopt is NULL.
  SqlResult<QueryResult> query(const std::string& sql,
                               const std::vector<std::optional<std::string>>& parameters);
  // COPY … FROM STDIN BINARY of whole tuples (as in binary_tuple.hpp), header and trailer added.
  SqlResult<void> copy_in(const std::string& sql, const std::vector<std::string_view>& tuples);

  std::string quote_literal(std::string_view text) const;
  std::string quote_identifier(std::string_view name) const;
  // "ads.gmv" → "ads"."gmv"; at most one dot.
  std::string quote_table(std::string_view name) const;
  PGconn* get() const { return connection_.get(); }

 private:
  struct ConnectionDeleter {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  explicit PgClient(PGconn* connection) : connection_(connection) {}
  SqlFailure failure_of(const PGresult* result) const;
  // The next five: false, or a failure, when the connection is lost or the server is silent.
  bool wait(short events);
  bool flush();
  bool put_copy_data(std::string_view bytes);
  SqlResult<QueryResult> next_result();
  SqlResult<QueryResult> finish(bool is_sent);
  SqlFailure lost();

  int patience_ms_ = -1;
  bool is_silent_ = false;
  std::unique_ptr<PGconn, ConnectionDeleter> connection_;
};

const OptionTable& connection_options();

}  // namespace sluice::postgres
