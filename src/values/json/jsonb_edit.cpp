#include "values/json/jsonb_edit.hpp"

#include <charconv>
#include <limits>
#include <vector>

#include "values/json/jsonb_build.hpp"
#include "values/json/jsonb_view.hpp"
#include "values/text/bad_text.hpp"

namespace sluice {

namespace {

constexpr int64_t before_first = std::numeric_limits<int64_t>::min();

std::string array_of(const std::vector<std::string>& elements) {
  std::string array = "[";
  for (const std::string& element : elements) {
    if (array.size() > 1) array += ", ";
    array += element;
  }
  return array + "]";
}

Unexpected of_scalar(const char* act) {
  return fail(ErrorCode::invalid_argument, std::string("cannot ") + act + " a scalar");
}

class Editor {
 public:
  Editor(JsonbEdit edit, const JsonbPath& path, std::string_view value)
      : edit_(edit), steps_(path.steps()), value_(value) {}

  // A scalar on the way has no parts: it stays.
  Result<std::string> edit(std::string_view document, size_t level) {
    if (!steps_[level]) {
      return fail(ErrorCode::invalid_argument,
                  "path element at position " + std::to_string(level + 1) + " is null");
    }
    const JsonbKind kind = jsonb_kind(document);
    if (kind == JsonbKind::object) return edit_object(document, level);
    if (kind == JsonbKind::array) return edit_array(document, level);
    return std::string(document);
  }

 private:
  bool is_last(size_t level) const { return level + 1 == steps_.size(); }
  bool inserts() const {
    return edit_ == JsonbEdit::insert_before || edit_ == JsonbEdit::insert_after;
  }
  bool adds() const { return edit_ == JsonbEdit::set || inserts(); }

  Result<std::string> edit_object(std::string_view document, size_t level) {
    std::string key;
    append_jsonb_string(*steps_[level], key);
    std::vector<JsonbMember> members;
    bool is_found = false;
    for (JsonbItems items(document); items.next();) {
      JsonbMember member{std::string(items.key()), std::string(items.value())};
      if (items.key() != key) {
        members.push_back(std::move(member));
        continue;
      }
      is_found = true;
      if (!is_last(level)) {
        SLUICE_ASSIGN(member.value, edit(items.value(), level + 1));
      } else if (inserts()) {
        return fail(ErrorCode::invalid_argument, "cannot replace existing key",
                    "jsonb_set replaces values");
      } else {
        member.value = value_;
      }
      const bool is_erased = is_last(level) && edit_ == JsonbEdit::erase;
      if (!is_erased) members.push_back(std::move(member));
    }
    if (!is_found && is_last(level) && adds()) members.push_back({key, std::string(value_)});
    return object_of(std::move(members));
  }

  // The element a step means: before_first, or an index up to the number of elements.
  Result<int64_t> index_of(const std::string& step, size_t count, size_t level) const {
    const std::string_view text = trimmed(step);
    const size_t sign = text.starts_with('+') ? 1 : 0;
    int32_t index = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data() + sign, end, index);
    if (problem != std::errc{} || stop != end) {
      return fail(ErrorCode::invalid_text, "path element at position " + std::to_string(level + 1) +
                                               " is not an integer: " + quoted_excerpt(step));
    }
    const auto size = static_cast<int64_t>(count);
    if (index < 0) return -int64_t{index} > size ? before_first : size + index;
    return std::min<int64_t>(index, size);
  }

  Result<std::string> edit_array(std::string_view document, size_t level) {
    const size_t count = jsonb_count(document);
    SLUICE_ASSIGN(const int64_t index, index_of(*steps_[level], count, level));
    std::vector<std::string> elements;
    const bool adds_here = is_last(level) && adds();
    if (adds_here && (index == before_first || count == 0)) elements.emplace_back(value_);
    int64_t at = 0;
    for (JsonbItems items(document); items.next(); ++at) {
      if (at != index) {
        elements.emplace_back(items.value());
      } else if (is_last(level)) {
        put(items.value(), elements);
      } else {
        SLUICE_ASSIGN(std::string changed, edit(items.value(), level + 1));
        elements.push_back(std::move(changed));
      }
    }
    const bool is_behind_last = count > 0 && index == static_cast<int64_t>(count);
    if (adds_here && is_behind_last) elements.emplace_back(value_);
    return array_of(elements);
  }

  void put(std::string_view present, std::vector<std::string>& elements) const {
    if (edit_ == JsonbEdit::erase) return;
    if (edit_ == JsonbEdit::insert_after) elements.emplace_back(present);
    elements.emplace_back(value_);
    if (edit_ == JsonbEdit::insert_before) elements.emplace_back(present);
  }

  JsonbEdit edit_;
  const std::vector<std::optional<std::string>>& steps_;
  std::string_view value_;
};

}  // namespace

Result<std::string> edit_jsonb(JsonbEdit edit, std::string_view document, const JsonbPath& path,
                               std::string_view value) {
  if (jsonb_kind(document) < JsonbKind::array) return of_scalar("set or delete a path in");
  const bool can_add = edit != JsonbEdit::erase && edit != JsonbEdit::replace;
  if (path.steps().empty() || (!can_add && jsonb_count(document) == 0)) {
    return std::string(document);
  }
  return Editor(edit, path, value).edit(document, 0);
}

Result<std::string> erase_key(std::string_view document, std::string_view key) {
  const JsonbKind kind = jsonb_kind(document);
  if (kind < JsonbKind::array) return of_scalar("delete from");
  std::string quoted;
  append_jsonb_string(key, quoted);
  std::vector<JsonbMember> members;
  std::vector<std::string> elements;
  for (JsonbItems items(document); items.next();) {
    if (kind == JsonbKind::array) {
      if (items.value() != quoted) elements.emplace_back(items.value());
    } else if (items.key() != quoted) {
      members.push_back({std::string(items.key()), std::string(items.value())});
    }
  }
  return kind == JsonbKind::array ? array_of(elements) : object_of(std::move(members));
}

Result<std::string> erase_element(std::string_view document, int32_t index) {
  const JsonbKind kind = jsonb_kind(document);
  if (kind == JsonbKind::object) {
    return fail(ErrorCode::invalid_argument, "cannot delete from object using integer index");
  }
  if (kind < JsonbKind::array) return of_scalar("delete from");
  const auto count = static_cast<int64_t>(jsonb_count(document));
  const int64_t wanted = index < 0 ? count + index : index;
  std::vector<std::string> elements;
  int64_t at = 0;
  for (JsonbItems items(document); items.next(); ++at) {
    if (at != wanted) elements.emplace_back(items.value());
  }
  return array_of(elements);
}

}  // namespace sluice
