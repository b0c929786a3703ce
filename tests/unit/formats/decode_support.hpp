// Helpers of the decoder tests: scans in a few words, records from texts, and results as texts.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "expr/function_registry.hpp"
#include "formats/decoder.hpp"
#include "formats/format_registry.hpp"

namespace sluice {

// Builds a ScanSpec whose columns are all output, unless said otherwise.
class ScanBuilder {
 public:
  // `path`: keys joined by '.'; empty: the column's name.
  ScanBuilder& column(const std::string& name, const std::string& type,
                      const std::string& path = {});
  ScanBuilder& unit(TimeUnit unit);  // of the last column, as the following ones
  ScanBuilder& required();
  ScanBuilder& carried();
  ScanBuilder& meta(MetaColumn meta);
  ScanBuilder& computed(ExpressionPtr expression);
  ScanBuilder& output(size_t columns);
  ScanBuilder& event_time(const std::string& column);
  ScanBuilder& predicate(ExpressionPtr predicate);
  // Rows carry all columns.
  ScanBuilder& whole_rows();

  size_t index(const std::string& column) const;
  ExpressionPtr reference(const std::string& column) const;
  // column <operator> 'literal', resolved as SQL does.
  ExpressionPtr compare(const std::string& column, const std::string& function,
                        const std::string& literal) const;
  ScanSpec build() const;

  ScanSpec spec;

 private:
  size_t output_ = SIZE_MAX;
};

const FormatRegistry& formats();
// From YAML in flow form; a problem fails the running test.
Options read_options(const Format& format, const std::string& yaml);

const FunctionRegistry& functions();
ExpressionPtr all_of(std::vector<ExpressionPtr> operands);
ExpressionPtr any_of(std::vector<ExpressionPtr> operands);
ExpressionPtr call(const std::string& infix, ExpressionPtr left, ExpressionPtr right);
ExpressionPtr text_literal(const std::string& text);

// Records of one partition, their bytes one after the other in one arena. Offsets count from 100,
// timestamps are 2026-01-01T00:00:00Z.
RawBatch records(const std::vector<std::string>& values);
constexpr int64_t record_time_us = 1'767'225'600'000'000;

struct Decoded {
  std::vector<std::string> rows;      // "a|NULL|3"
  std::vector<std::string> carried;   // RowMeta::source_row
  std::vector<std::string> failures;  // "2 E3002 column"
  std::vector<std::string> messages;
  DecodeResult result;
};

// Renders a result; checks that every row is counted in exactly one way.
Decoded rendered(DecodeResult result);
// The rows with their kinds before them: "+I a|NULL|3".
std::vector<std::string> changes(const Decoded& decoded);

struct DecodeSettings {
  std::string format = "json";
  std::string options = "{}";  // YAML
  PartitionClock::Settings clock = {};
};

std::unique_ptr<Decoder> make_decoder(const ScanSpec& scan, const DecodeSettings& settings = {});
Decoded decode(const ScanSpec& scan, const std::vector<std::string>& values,
               const DecodeSettings& settings = {});

}  // namespace sluice
