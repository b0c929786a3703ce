// Samples: the rows that expressions of the oracle test read, the same in the engine and in
// PostgreSQL. A column has a role: the type of its values, or, for arguments that take few texts, a
// name such as "unit" or "regex". Drawn from a seed; immutable, any thread.
#pragma once

#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "data/record_batch.hpp"
#include "values/time/time_zone.hpp"

namespace sluice::test {

struct SampleColumn {
  std::string name;
  std::string role;
  Type type;
  std::vector<std::optional<std::string>> values;
};

// The texts that columns of a role are drawn from; the role must exist.
const std::vector<std::string>& sample_texts(std::string_view role);

class Samples {
 public:
  static constexpr size_t rows = 64;

  explicit Samples(std::mt19937_64& random);

  const std::vector<SampleColumn>& columns() const { return columns_; }
  // One of the columns of a role.
  const SampleColumn& any_of(std::string_view role, std::mt19937_64& random) const;
  RecordBatch batch(const TimeZone& zone) const;
  // CREATE TABLE and INSERT of a temporary table `samples` with the column `id` from 0.
  std::string table_sql() const;

 private:
  std::vector<SampleColumn> columns_;
};

// 'it''s'
std::string quoted(std::string_view text);

}  // namespace sluice::test
