#include "sql/parser_text.hpp"

#include <algorithm>

namespace sluice {

namespace {

// A query with more of them is refused as PostgreSQL 15 refuses it.
constexpr size_t most_additions = 100;

}  // namespace

ParserText::ParserText(std::string_view prefix, std::string_view sql) : user_(sql) {
  additions_.push_back({0, 0, std::string(prefix)});
  put_together();
}

bool ParserText::name_subquery(uint32_t position) {
  const auto end = user_.end_of_brackets(position);
  if (!end || additions_.size() == most_additions) return false;
  const auto place = std::lower_bound(
      additions_.begin(), additions_.end(), *end,
      [](const Addition& addition, size_t wanted) { return addition.byte < wanted; });
  if (place != additions_.end() && place->byte == *end) return false;
  additions_.insert(
      place, {*end, user_.position_of_byte(*end), " AS \"" + std::string(subquery_name) + "\" "});
  put_together();
  return true;
}

std::optional<size_t> ParserText::byte_of_user(size_t byte) const {
  size_t added = 0;
  for (const Addition& addition : additions_) {
    const size_t begin = addition.byte + added;
    if (byte < begin) break;
    if (byte < begin + addition.text.size()) return std::nullopt;
    added += addition.text.size();
  }
  return byte - added;
}

uint32_t ParserText::position_of_user(uint32_t position) const {
  uint32_t added = 0;
  for (const Addition& addition : additions_) {
    const uint32_t begin = addition.position + added;
    const auto size = static_cast<uint32_t>(addition.text.size());
    if (position < begin) break;
    if (position < begin + size) return addition.position;
    added += size;
  }
  return position - added;
}

void ParserText::put_together() {
  text_.clear();
  size_t done = 0;
  for (const Addition& addition : additions_) {
    text_.append(user_.text().substr(done, addition.byte - done)).append(addition.text);
    done = addition.byte;
  }
  text_.append(user_.text().substr(done));
}

}  // namespace sluice
