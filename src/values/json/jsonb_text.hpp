// JsonbCanonicalizer: JSON text to PostgreSQL's jsonb text: keys ordered by length, then bytes; the
// last of equal keys kept;
// ", " and ": " between the parts; numbers written out with their scale. Owns a parser and buffers
// that it uses again: decoders keep one, casts of single values use canonical_jsonb(). One thread
// at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "memory/allowance.hpp"

namespace sluice {

class JsonbCanonicalizer {
 public:
  JsonbCanonicalizer();
  ~JsonbCanonicalizer();
  JsonbCanonicalizer(const JsonbCanonicalizer&) = delete;
  JsonbCanonicalizer& operator=(const JsonbCanonicalizer&) = delete;

  // Appends the canonical text; on an error (invalid_text, value_out_of_range) `out` is as before.
  // Numbers with an exponent are written out, so that it may be much longer than the text: throws
  // AllowanceExceeded before `out` has more than may be taken of the allowance.
  Status append(std::string_view text, Allowance& allowance, std::string& out);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

// Appends the text as a JSON string in quotes, escaped as PostgreSQL does: only what must be.
void append_json_string(std::string_view text, std::string& out);

}  // namespace sluice
