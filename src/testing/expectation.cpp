#include "testing/expectation.hpp"

#include <algorithm>
#include <optional>

#include "data/column_text.hpp"

namespace sluice {

namespace {

struct ExpectedRow {
  SourceLocation location;
  std::vector<std::optional<TestCell>> cells;  // by column; none: not compared
};

std::string show(const TestCell& cell) { return cell.text.value_or("NULL"); }

std::string show_row(const Schema& schema, const std::vector<std::optional<TestCell>>& cells) {
  std::string text;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i]) continue;
    text += (text.empty() ? "{" : ", ") + schema[i].name + ": " + show(*cells[i]);
  }
  return text.empty() ? "{}" : text + "}";
}

std::vector<std::optional<TestCell>> shown(const TestCells& row) {
  return {row.begin(), row.end()};
}

bool differs(const std::optional<TestCell>& expected, const TestCell& actual) {
  return expected && expected->key != actual.key;
}

size_t count_differences(const ExpectedRow& expected, const TestCells& actual) {
  size_t count = 0;
  for (size_t i = 0; i < actual.size(); ++i) count += differs(expected.cells[i], actual[i]) ? 1 : 0;
  return count;
}

class Comparison {
 public:
  Comparison(const TestRowsSpec& expected, const Schema& schema,
             const std::vector<TestCells>& actual, const TimeZone& zone)
      : expected_(expected), schema_(schema), zone_(zone) {
    for (const TestCells& row : actual) left_.push_back(&row);
  }

  std::vector<TestFailure> run() {
    std::vector<ExpectedRow> rows;
    for (const Node& row : expected_.rows) {
      if (auto read = read_row(row)) rows.push_back(std::move(*read));
    }
    std::erase_if(rows, [this](const ExpectedRow& row) { return take(row, 0); });
    for (const ExpectedRow& row : rows) report_closest(row);
    for (const TestCells* row : left_) {
      failures_.push_back({.location = expected_.location,
                           .relation = expected_.relation,
                           .message = "a row too many",
                           .actual = show_row(schema_, shown(*row))});
    }
    return std::move(failures_);
  }

 private:
  std::optional<ExpectedRow> read_row(const Node& row) {
    ExpectedRow read{row.location(), {}};
    read.cells.resize(schema_.size());
    for (const auto& [key, value] : row.entries()) {
      const std::optional<size_t> column = schema_.find(key.text());
      if (!column) {
        failures_.push_back({.location = key.location(),
                             .relation = expected_.relation,
                             .message = "\"" + key.text() + "\" is not a column (columns: " +
                                        schema_.to_string() + ")"});
        return std::nullopt;
      }
      Result<TestCell> cell = read_cell(value, schema_[*column].type);
      if (!cell) {
        failures_.push_back({.location = value.location(),
                             .relation = expected_.relation,
                             .message = key.text() + ": " + cell.error().message});
        return std::nullopt;
      }
      read.cells[*column] = std::move(*cell);
    }
    return read;
  }

  Result<TestCell> read_cell(const Node& value, Type type) const {
    ColumnBuilder builder(type, 1);
    if (value.is_null()) {
      builder.append_null();
    } else if (!value.is_scalar()) {
      return fail(ErrorCode::invalid_value, "a value is a scalar; write jsonb as a text");
    } else {
      SLUICE_TRY(append_parsed(type, value.text(), zone_, builder));
    }
    return cell_of(builder.finish(), 0, zone_);
  }

  // Takes an actual row with at most so many differences out of those left.
  bool take(const ExpectedRow& row, size_t most) {
    const auto found = std::find_if(left_.begin(), left_.end(), [&](const TestCells* actual) {
      return count_differences(row, *actual) <= most;
    });
    if (found == left_.end()) return false;
    left_.erase(found);
    return true;
  }

  void report_closest(const ExpectedRow& row) {
    TestFailure failure{.location = row.location,
                        .relation = expected_.relation,
                        .message = "a row is missing",
                        .expected = show_row(schema_, row.cells)};
    const auto closest =
        std::min_element(left_.begin(), left_.end(), [&](const TestCells* a, const TestCells* b) {
          return count_differences(row, *a) < count_differences(row, *b);
        });
    if (closest != left_.end()) {
      const TestCells& actual = **closest;
      failure.message = "a row differs";
      failure.actual = show_row(schema_, shown(actual));
      for (size_t i = 0; i < actual.size(); ++i) {
        if (!differs(row.cells[i], actual[i])) continue;
        failure.differences.push_back({schema_[i].name, show(*row.cells[i]), show(actual[i])});
      }
      left_.erase(closest);
    }
    failures_.push_back(std::move(failure));
  }

  const TestRowsSpec& expected_;
  const Schema& schema_;
  const TimeZone& zone_;
  std::vector<const TestCells*> left_;
  std::vector<TestFailure> failures_;
};

}  // namespace

std::vector<TestFailure> compare_rows(const TestRowsSpec& expected, const Schema& schema,
                                      const std::vector<TestCells>& actual, const TimeZone& zone) {
  return Comparison(expected, schema, actual, zone).run();
}

}  // namespace sluice
