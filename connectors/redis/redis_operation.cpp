#include "connectors/redis/redis_operation.hpp"

#include <cstring>

namespace sluice::redis {

namespace {

constexpr uint32_t absent = 0xFFFFFFFF;

template <class Number>
void append_number(Number number, std::string& out) {
  char bytes[sizeof(Number)];
  std::memcpy(bytes, &number, sizeof(Number));
  out.append(bytes, sizeof(Number));
}

void append_text(std::optional<std::string_view> text, std::string& out) {
  append_number<uint32_t>(text ? static_cast<uint32_t>(text->size()) : absent, out);
  if (text) out.append(*text);
}

// Takes the parts of an operation from the front of its bytes.
class Parser {
 public:
  explicit Parser(std::string_view bytes) : bytes_(bytes) {}

  template <class Number>
  Number number() {
    Number result{};
    if (bytes_.size() < sizeof(Number)) {
      is_good_ = false;
      return result;
    }
    std::memcpy(&result, bytes_.data(), sizeof(Number));
    bytes_.remove_prefix(sizeof(Number));
    return result;
  }
  std::optional<std::string_view> text() {
    const auto size = number<uint32_t>();
    if (size == absent) return std::nullopt;
    if (bytes_.size() < size) {
      is_good_ = false;
      return std::string_view();
    }
    const std::string_view result = bytes_.substr(0, size);
    bytes_.remove_prefix(size);
    return result;
  }
  bool is_good() const { return is_good_; }
  bool is_at_end() const { return bytes_.empty(); }

 private:
  std::string_view bytes_;
  bool is_good_ = true;
};

}  // namespace

void append_operation(const Operation& operation, std::string& out) {
  out.push_back(static_cast<char>(operation.kind));
  append_number(operation.expires_at_ms, out);
  append_text(operation.key, out);
  if (operation.kind == Operation::Kind::string) append_text(operation.value, out);
  for (const auto& [field, value] : operation.fields) {
    append_text(field, out);
    append_text(value, out);
  }
}

Result<Operation> parse_operation(std::string_view bytes) {
  Parser parser(bytes);
  Operation operation;
  operation.kind = static_cast<Operation::Kind>(parser.number<char>());
  operation.expires_at_ms = parser.number<int64_t>();
  operation.key = parser.text().value_or("");
  if (operation.kind == Operation::Kind::string) operation.value = parser.text().value_or("");
  while (parser.is_good() && !parser.is_at_end()) {
    const std::string_view field = parser.text().value_or("");
    operation.fields.emplace_back(field, parser.text());
  }
  const bool is_known = operation.kind == Operation::Kind::hash ||
                        operation.kind == Operation::Kind::string ||
                        operation.kind == Operation::Kind::remove;
  if (parser.is_good() && is_known) return operation;
  return fail(ErrorCode::state_corrupt, "a spooled Redis operation is malformed");
}

std::vector<Arguments> commands_of(const Operation& operation) {
  const std::string key(operation.key);
  if (operation.kind == Operation::Kind::remove) return {{"DEL", key}};
  std::vector<Arguments> commands;
  if (operation.kind == Operation::Kind::string) {
    commands.push_back({"SET", key, std::string(operation.value)});
  } else {
    Arguments set = {"HSET", key};
    Arguments remove = {"HDEL", key};
    for (const auto& [field, value] : operation.fields) {
      Arguments& arguments = value ? set : remove;
      arguments.emplace_back(field);
      if (value) arguments.emplace_back(*value);
    }
    if (remove.size() > 2) commands.push_back(std::move(remove));
    if (set.size() > 2) commands.push_back(std::move(set));
  }
  if (operation.expires_at_ms > 0)
    commands.push_back({"PEXPIREAT", key, std::to_string(operation.expires_at_ms)});
  return commands;
}

bool fits_type(const Operation& operation, std::string_view type) {
  if (type == "none" || operation.kind != Operation::Kind::hash) return true;
  return type == "hash";
}

}  // namespace sluice::redis
