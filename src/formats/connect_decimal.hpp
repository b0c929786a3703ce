// The decimals of Kafka Connect: base64 of a whole number, in two's complement with the most
// significant byte first, that counts in 10^-scale. Pure function.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace sluice {

// Appends its digits: "AfQ=" of scale 2 is 5.00. Error column_invalid for what is no such number,
// or one of more than 38 digits.
Status append_connect_decimal(std::string_view base64, int scale, std::string& out);

}  // namespace sluice
