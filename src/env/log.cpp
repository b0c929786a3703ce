#include "env/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

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

// Also what is no UTF-8 becomes valid JSON.
std::string json_text(std::string_view text) {
  using nlohmann::json;
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

// The part of a JSON line that the pattern of the logger leaves open.
std::string json_members(std::string_view message, const std::vector<LogField>& fields) {
  std::string line = "\"msg\":" + json_text(message);
  for (const auto& [name, value] : fields) {
    line += "," + json_text(name) + ":";
    line += value.is_number() ? value.text() : json_text(value.text());
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
    line += is_plain(value.text()) ? value.text() : json_text(value.text());
  }
  return line;
}

const std::string* find(const std::vector<LogField>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(),
                                  [&](const LogField& field) { return field.first == name; });
  return found == fields.end() ? nullptr : &found->second.text();
}

class StderrLog final : public Log {
 public:
  StderrLog(LogFormat format, LogLevel minimum)
      : format_(format), logger_("sluice", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    logger_.set_level(to_spdlog(minimum));
    logger_.set_pattern(format == LogFormat::json
                            ? R"({"ts":"%Y-%m-%dT%H:%M:%S.%fZ","level":"%l",%v})"
                            : "%Y-%m-%dT%H:%M:%S.%eZ %-7l %v",
                        spdlog::pattern_time_type::utc);
  }

  void write(LogLevel level, std::string_view message,
             const std::vector<LogField>& fields) override {
    const std::string* code = find(fields, "code");
    uint64_t dropped = 0;
    if (code != nullptr) {
      const std::string* pipeline = find(fields, "pipeline");
      const std::string source = (pipeline == nullptr ? "" : *pipeline + " ") + *code;
      const auto admitted = limit_.admit(source, clock_.monotonic_us());
      if (!admitted) return;
      dropped = *admitted;
    }
    if (dropped == 0) return write_line(level, message, fields);
    std::vector<LogField> more = fields;
    more.emplace_back("lines_dropped", dropped);
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

class PipelineLog final : public Log {
 public:
  PipelineLog(Log& log, std::string pipeline) : log_(log), pipeline_(std::move(pipeline)) {}

  void write(LogLevel level, std::string_view message,
             const std::vector<LogField>& fields) override {
    if (find(fields, "pipeline") != nullptr) return log_.write(level, message, fields);
    std::vector<LogField> all{{"pipeline", pipeline_}};
    all.insert(all.end(), fields.begin(), fields.end());
    log_.write(level, message, all);
  }

 private:
  Log& log_;
  const std::string pipeline_;
};

class NullLog final : public Log {
 public:
  void write(LogLevel, std::string_view, const std::vector<LogField>&) override {}
};

void add_place(const RecordPlace& place, std::vector<LogField>& fields) {
  fields.emplace_back("step", place.step);
  if (!place.topic.empty()) {
    fields.emplace_back("topic", place.topic);
    fields.emplace_back("partition", place.partition);
  }
  if (place.offset >= 0) fields.emplace_back("offset", place.offset);
  if (!place.row.empty()) fields.emplace_back("row", place.row);
}

std::vector<LogField> with_error(const Error& error, std::initializer_list<LogField> fields) {
  std::vector<LogField> all(fields);
  all.emplace_back("code", error_code_text(error.code));
  all.emplace_back("error", error.message);
  all.emplace_back("advice", error.way_on());
  if (error.place) add_place(*error.place, all);
  return all;
}

}  // namespace

// Whatever is no number in JSON either is a text there.
LogValue::LogValue(double number)
    : text_(nlohmann::json(number).dump()), is_number_(std::isfinite(number)) {}

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

std::unique_ptr<Log> make_pipeline_log(Log& log, std::string pipeline) {
  return std::make_unique<PipelineLog>(log, std::move(pipeline));
}

std::unique_ptr<Log> make_null_log() { return std::make_unique<NullLog>(); }

}  // namespace sluice
