#include "formats/json_fault.hpp"

#include <simdjson.h>

namespace sluice {

std::string_view json_fault(int error) {
  switch (error) {
    case simdjson::SUCCESS:
      return {};
    case simdjson::EMPTY:
      return "the record is empty";
    case simdjson::INCORRECT_TYPE:
      return "the document is not a JSON object";
    case simdjson::UTF8_ERROR:
      return "the document is not valid UTF-8";
    case simdjson::UNESCAPED_CHARS:
      return "broken JSON: a control character inside a string";
    case simdjson::UNCLOSED_STRING:
      return "broken JSON: a string is not closed";
    case simdjson::INCOMPLETE_ARRAY_OR_OBJECT:
      return "broken JSON: an object is not closed";
    case simdjson::TRAILING_CONTENT:
      return "broken JSON: something follows the end of the object";
    case simdjson::TAPE_ERROR:
      return "broken JSON: brackets, commas or colons do not fit";
    default:
      return simdjson::error_message(static_cast<simdjson::error_code>(error));
  }
}

}  // namespace sluice
