#include "connectors/redis/redis_key.hpp"

#include "base/assert.hpp"
#include "config/utf8.hpp"
#include "data/key_text.hpp"

namespace sluice::redis {

namespace {

// Whether a whole text of the type, with this character and more behind it, may be another text of
// the type: 1 and 1.5, '1 day' and '1 day 02:00:00'.
bool may_go_on_with(const Type& type, char character) {
  if (type.is_view()) return true;
  return (character >= '0' && character <= '9') || character == '.' || character == 'e' ||
         character == ' ';
}

}  // namespace

RedisKey::RedisKey(const TextTemplate& text, const Schema& schema) {
  const Type* before = nullptr;  // of the column before the part's literal text
  for (const TextTemplate::Part& part : text.parts()) {
    if (part.column.empty()) {
      parts_.push_back({part.literal, std::nullopt, {}});
      continue;
    }
    if (before && may_go_on_with(*before, part.literal.front()))
      parts_.back().separator = part.literal.substr(0, character_size(part.literal));
    const std::optional<size_t> column = schema.find(part.column);
    SLUICE_ASSERT(column.has_value(), "the columns of a key are in its rows");
    before = &schema[*column].type;
    parts_.push_back({part.literal, column, {}});
  }
}

bool RedisKey::append(const RecordBatch& batch, size_t row, std::string& out) const {
  std::string text;
  for (const Part& part : parts_) {
    out += part.literal;
    if (!part.column) continue;
    const Column& column = batch.column(*part.column);
    if (column.is_null(row)) return false;
    if (part.separator.empty()) {
      append_key_text(column, row, out);
      continue;
    }
    text.clear();
    append_key_text(column, row, text);
    append_escaped(text, part.separator, out);
  }
  return true;
}

}  // namespace sluice::redis
