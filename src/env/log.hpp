// Log: structured log lines: ts, level, msg and the fields pipeline, step, code, checkpoint, topic,
// partition, offset as far as they are known; numbers are numbers in JSON. Text on a terminal, one
// JSON object per line otherwise; lines of one pipeline and code are rate-limited. Owned by the
// process, thread-safe, never fails. Secrets never reach it: the Secret type does not convert to
// text.
#pragma once

#include <concepts>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace sluice {

enum class LogLevel : uint8_t { debug, info, warning, error };
enum class LogFormat : uint8_t { text, json };

// A text or a number.
class LogValue {
 public:
  LogValue(std::string text) : text_(std::move(text)) {}
  LogValue(std::string_view text) : text_(text) {}
  LogValue(const char* text) : text_(text) {}
  template <std::integral Number>
  LogValue(Number number) : text_(std::to_string(number)), is_number_(true) {}
  LogValue(double number);

  const std::string& text() const { return text_; }
  bool is_number() const { return is_number_; }

 private:
  std::string text_;
  bool is_number_ = false;
};
using LogField = std::pair<std::string_view, LogValue>;

class Log {
 public:
  virtual ~Log() = default;
  virtual void write(LogLevel level, std::string_view message,
                     const std::vector<LogField>& fields) = 0;

  void info(std::string_view message, std::initializer_list<LogField> fields = {});
  void warning(std::string_view message, std::initializer_list<LogField> fields = {});
  // With the error's code, message and advice as fields, and its place in the data.
  void warning(std::string_view message, const Error& error,
               std::initializer_list<LogField> fields = {});
  void error(std::string_view message, const Error& error,
             std::initializer_list<LogField> fields = {});
};

// Writes to standard error.
std::unique_ptr<Log> make_stderr_log(LogFormat format, LogLevel minimum);
// Adds a pipeline's name to every line that does not have one. `log` is borrowed.
std::unique_ptr<Log> make_pipeline_log(Log& log, std::string pipeline);
// Drops everything: for tests.
std::unique_ptr<Log> make_null_log();

}  // namespace sluice
