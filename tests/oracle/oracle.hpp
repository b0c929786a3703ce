// Oracle: the same expressions on a real PostgreSQL, in a database of C collation whose session
// zone is Asia/Shanghai, within one transaction, so that now() stands still. A failing row does not
// disturb others. One thread; throws std::runtime_error when the server fails.
#pragma once

#include <string>
#include <vector>

#include "oracle/engine.hpp"
#include "oracle/samples.hpp"
#include "support/postgres.hpp"

namespace sluice::test {

struct Question {
  std::string sql;
  std::vector<size_t> rows;  // of the samples
};

class Oracle {
 public:
  explicit Oracle(const Samples& samples);

  int64_t now_us() const { return now_us_; }
  // 150018: 15.18.
  int version() const { return version_; }
  // For each question one answer per row.
  std::vector<std::vector<Answer>> ask(const std::vector<Question>& questions);

 private:
  std::vector<std::vector<Answer>> ask_batch(const std::vector<Question>& questions, size_t begin,
                                             size_t end);

  Postgres session_;
  int64_t now_us_ = 0;
  int version_ = 0;
};

}  // namespace sluice::test
