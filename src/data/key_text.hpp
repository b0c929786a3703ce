// The text of keys that leave the engine: record keys of Kafka, keys of Redis. Values that are
// equal in SQL have one text, in every target and every epoch: canonical values, times in UTC
// whatever the pipeline's zone. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "data/column.hpp"

namespace sluice {

// Appends the text of a value that is not NULL: as a cast to text gives it in UTC.
void append_key_text(const Column& column, size_t row, std::string& out);

// Appends `text` with '\' before each '\' and each `separator`, which is one character: what
// follows behind an unescaped separator is no part of it any more.
void append_escaped(std::string_view text, std::string_view separator, std::string& out);

}  // namespace sluice
