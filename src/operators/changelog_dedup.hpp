// ChangelogDedup: drops what a changelog source delivers twice, and completes changes to whole
// ones.
//
// insert_only: the first row of a key within the TTL wins; later ones are dropped ("duplicate").
// Output: append. all: the last image of a key is kept; an equal image, or one with a lower
// version, is dropped. Output is a retract stream: +I for a new key, -U and +U for a changed image,
// -D with the last image for a delete. A delete is remembered (with its image and version) until
// its TTL, so that an image that comes again does not revive the key: an older one, or one of the
// delete's version that equals the delete's, however it is written. TTL: an entry is dead for a row
// iff row time > entry time + ttl; the watermark only frees. Input is hashed by the key.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dataflow/operator.hpp"
#include "formats/decoder.hpp"

namespace sluice {

struct ChangelogDedupSettings {
  std::string source;  // for messages
  SchemaPtr schema;
  std::vector<size_t> key;
  std::optional<size_t> version_column;
  ChangelogOps ops = ChangelogOps::insert_only;
  int64_t ttl_us = 0;  // 0: for ever
};

std::shared_ptr<const OperatorDescription> make_changelog_dedup(ChangelogDedupSettings settings);

}  // namespace sluice
