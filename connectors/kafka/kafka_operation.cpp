#include "connectors/kafka/kafka_operation.hpp"

namespace sluice::kafka {

namespace {

constexpr uint32_t no_key = 0xFFFFFFFF;
constexpr std::string_view definition_prefix = "kafka 1 ";

void append_u32(uint32_t number, std::string& out) {
  for (int shift = 0; shift < 32; shift += 8) out.push_back(static_cast<char>(number >> shift));
}

uint32_t read_u32(std::string_view bytes) {
  uint32_t number = 0;
  for (int i = 3; i >= 0; --i)
    number = (number << 8) | static_cast<uint8_t>(bytes[static_cast<size_t>(i)]);
  return number;
}

}  // namespace

void append_operation(const Operation& operation, std::string& out) {
  append_u32(operation.key ? static_cast<uint32_t>(operation.key->size()) : no_key, out);
  if (operation.key) out.append(*operation.key);
  out.push_back(operation.value ? 1 : 0);
  if (operation.value) out.append(*operation.value);
}

Result<Operation> parse_operation(std::string_view bytes) {
  const auto corrupt = [] {
    return fail(ErrorCode::state_corrupt, "a spooled Kafka record is malformed");
  };
  if (bytes.size() < 5) return corrupt();
  Operation operation;
  const uint32_t key_size = read_u32(bytes);
  bytes.remove_prefix(4);
  if (key_size != no_key) {
    if (bytes.size() < size_t{key_size} + 1) return corrupt();
    operation.key = bytes.substr(0, key_size);
    bytes.remove_prefix(key_size);
  }
  if (bytes[0] == 1) operation.value = bytes.substr(1);
  return operation;
}

std::string make_definition(const std::string& topic) {
  return std::string(definition_prefix) + topic;
}

Result<std::string> parse_definition(std::string_view definition) {
  if (!definition.starts_with(definition_prefix)) {
    return fail(ErrorCode::state_version,
                "a spool's sink definition is not known: " + std::string(definition));
  }
  return std::string(definition.substr(definition_prefix.size()));
}

}  // namespace sluice::kafka
