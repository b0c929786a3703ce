#include "formats/object_texts.hpp"

#include <simdjson.h>

#include "formats/json_tokens.hpp"
#include "memory/arena.hpp"

namespace sluice {

namespace {

namespace ondemand = simdjson::ondemand;

std::string_view text_of(ondemand::value& value, const char* end) {
  const std::string_view token = without_trailing_space(value.raw_json_token());
  const bool is_container = token.front() == '{' || token.front() == '[';
  return is_container ? container_at(token.data(), end) : token;
}

}  // namespace

struct ObjectTexts::Parser {
  ondemand::parser parser;
};

ObjectTexts::ObjectTexts() : parser_(std::make_unique<Parser>()) {}

ObjectTexts::~ObjectTexts() = default;

bool ObjectTexts::for_each_field(std::string_view json, const Take& take) {
  auto document = parser_->parser.iterate(json, json.size() + Arena::padding_bytes);
  ondemand::object object;
  if (document.get_object().get(object)) return false;
  for (auto item : object) {
    ondemand::field field;
    std::string_view key;
    if (std::move(item).get(field) || field.unescaped_key().get(key)) return false;
    take(key, text_of(field.value(), json.data() + json.size()));
  }
  return true;
}

std::vector<std::string_view> ObjectTexts::elements_of(std::string_view json) {
  std::vector<std::string_view> elements;
  auto document = parser_->parser.iterate(json, json.size() + Arena::padding_bytes);
  ondemand::array array;
  if (document.get_array().get(array)) return elements;
  for (auto item : array) {
    ondemand::value element;
    if (std::move(item).get(element)) return elements;
    elements.push_back(text_of(element, json.data() + json.size()));
  }
  return elements;
}

}  // namespace sluice
