// Digests of texts.
#include <openssl/evp.h>

#include "base/assert.hpp"
#include "expr/kernel.hpp"

namespace sluice {

namespace {

std::string_view md5(Scope& scope, std::string_view value) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  const int done = EVP_Digest(value.data(), value.size(), digest, &size, EVP_md5(), nullptr);
  SLUICE_ASSERT(done == 1, "the digest of a text in memory cannot fail");
  constexpr char digits[] = "0123456789abcdef";
  char* const target = scope.arena().allocate(size * 2);
  for (unsigned int i = 0; i < size; ++i) {
    target[2 * i] = digits[digest[i] >> 4];
    target[2 * i + 1] = digits[digest[i] & 15];
  }
  return {target, size * 2};
}

}  // namespace

void register_digests(FunctionRegistry& registry) {
  registry.add(function("md5", {types::text}, types::text, per_row<md5>(),
                        "MD5 digest in hexadecimal digits"));
}

}  // namespace sluice
