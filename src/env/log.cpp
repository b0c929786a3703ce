#include "env/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>

#include "env/clock.hpp"
#include "env/log_rate_limit.hpp"

namespace sluice {

namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::debug:
      return spdlog::level::debug;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

void append_quoted(std::string& line, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  line += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (byte < 0x20) {
      line += "\\u00";
      line += digits[byte >> 4];
      line += digits[byte & 15];
    } else {
      line += c;
    }
  }
  line += '"';
}

// The part of a JSON line that the pattern of the logger leaves open.
std::string json_members(std::string_view message, const std::vector<LogField>& fields) {
  std::string line = "\"message\":";
  append_quoted(line, message);
  for (const auto& [name, value] : fields) {
    line += ',';
    append_quoted(line, name);
    line += ':';
    append_quoted(line, value);
  }
  return line;
}

bool is_plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) > ' ' && c != '"' && c != '\\';
  });
}

std::string text_line(std::string_view message, const std::vector<LogField>& fields) {
  std::string line(message);
  for (const auto& [name, value] : fields) {
    line += ' ';
    line += name;
    line += '=';
    if (is_plain(value)) {
      line += value;
    } else {
      append_quoted(line, value);
    }
  }
  return line;
}

class StderrLog final : public Log {
 public:
  StderrLog(LogFormat format, LogLevel minimum)
      : format_(format), logger_("sluice", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(to_spdlog(minimum));
    logger_.set_pattern(format == LogFormat::json
                            ? R"({"time":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})"
                            : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v",
                        spdlog::pattern_time_type::utc);
  }

  void write(LogLevel level, std::string_view message,
             const std::vector<LogField>& fields) override {
    const auto code = std::find_if(fields.begin(), fields.end(),
                                   [](const LogField& field) { return field.first == "code"; });
    uint64_t dropped = 0;
    if (code != fields.end()) {
      const auto admitted = limit_.admit(code->second, clock_.monotonic_us());
      if (!admitted) return;
      dropped = *admitted;
    }
    if (dropped == 0) return write_line(level, message, fields);
    std::vector<LogField> more = fields;
    more.emplace_back("lines_dropped", std::to_string(dropped));
    write_line(level, message, more);
  }

 private:
  void write_line(LogLevel level, std::string_view message, const std::vector<LogField>& fields) {
    const std::string line =
        format_ == LogFormat::json ? json_members(message, fields) : text_line(message, fields);
    logger_.log(to_spdlog(level), spdlog::string_view_t(line.data(), line.size()));
  }

  LogFormat format_;
  spdlog::logger logger_;
  LogRateLimit limit_;
  SystemClock clock_;
};

class NullLog final : public Log {
 public:
  void write(LogLevel, std::string_view, const std::vector<LogField>&) override {}
};

std::vector<LogField> with_error(const Error& error, std::initializer_list<LogField> fields) {
  std::vector<LogField> all(fields);
  all.emplace_back("code", error_code_text(error.code));
  all.emplace_back("error", error.message);
  if (!error.advice.empty()) all.emplace_back("advice", error.advice);
  return all;
}

}  // namespace

void Log::info(std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::info, message, fields);
}

void Log::warning(std::string_view message, std::initializer_list<LogField> fields) {
  write(LogLevel::warning, message, fields);
}

void Log::warning(std::string_view message, const Error& error,
                  std::initializer_list<LogField> fields) {
  write(LogLevel::warning, message, with_error(error, fields));
}

void Log::error(std::string_view message, const Error& error,
                std::initializer_list<LogField> fields) {
  write(LogLevel::error, message, with_error(error, fields));
}

std::unique_ptr<Log> make_stderr_log(LogFormat format, LogLevel minimum) {
  return std::make_unique<StderrLog>(format, minimum);
}

std::unique_ptr<Log> make_null_log() { return std::make_unique<NullLog>(); }

}  // namespace sluice
