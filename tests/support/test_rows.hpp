// Rows as text, for tests: one line a row, cells between bars, in PostgreSQL's text forms.
//   -U a | 1.50 | NULL | @seen=00:05 | @row_time=00:04
// The kind in front may be left out (+I). Of timestamps the day 2024-01-01 and the zone UTC may be
// left out, and are left out when written. Pure functions; malformed text fails the running test.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "data/record_batch.hpp"

namespace sluice::test {

// "id text, amount numeric(16,2), ts timestamptz"
SchemaPtr schema_of(std::string_view text);
RecordBatch read_rows(const SchemaPtr& schema, std::string_view lines);
// Kind and cells: "+I a|1|NULL".
std::vector<std::string> row_texts(const RecordBatch& batch);
// "00:05", "2024-02-01 00:05:10.5", in UTC.
int64_t time_us(std::string_view text);
// The reverse, as row_texts writes it.
std::string time_text(int64_t time_us);

}  // namespace sluice::test
