// Answers: what an expression gives for each row of the samples, in a form in which the engine and
// PostgreSQL can be compared: "integer 5", "text NULL", or "error division_by_zero". One thread.
#pragma once

#include <string>
#include <vector>

#include "expr/function_registry.hpp"
#include "oracle/samples.hpp"

namespace sluice::test {

struct Answer {
  std::string text;
  // A number of more than 38 digits or a text of more than 16 million characters was refused.
  bool is_past_limit = false;
  // The construct of PostgreSQL's regular expressions that RE2 does not have and refused; else
  // empty.
  std::string_view foreign_construct = {};
  // The error that the engine warned of: rows that pass its constants by have a value.
  std::string warned_error = {};

  bool is_error() const { return text.starts_with("error "); }
  bool is_null() const { return text.ends_with(" NULL"); }
};

// Every function of the engine.
const FunctionRegistry& functions();

class Engine {
 public:
  // `now_us`: what now() gives.
  Engine(const Samples& samples, int64_t now_us);

  // One answer per row of the samples; all the same when the expression cannot be bound.
  std::vector<Answer> evaluate(const std::string& sql) const;

 private:
  TimeZone zone_;
  int64_t now_us_;
  RecordBatch batch_;
};

}  // namespace sluice::test
