#include "data/lineage.hpp"

#include <algorithm>
#include <cstdio>

#include "base/checksum.hpp"

namespace sluice {

namespace {

using Texts = std::vector<std::string>;

// What people can take in at once.
constexpr size_t most_told = 6;

Texts texts_of(const Lineage& lineage, const std::string& aspect) {
  Texts texts;
  for (const LineageFact& fact : lineage.facts) {
    if (fact.aspect == aspect) texts.push_back(fact.text);
  }
  return texts;
}

// Those that the other list has not, or not so often.
Texts missing_in(Texts texts, Texts other) {
  std::erase_if(texts, [&](const std::string& text) {
    const auto found = std::find(other.begin(), other.end(), text);
    if (found == other.end()) return false;
    other.erase(found);
    return true;
  });
  return texts;
}

std::string joined(const Texts& texts, const char* separator) {
  std::string text;
  for (const std::string& part : texts) text += (text.empty() ? "" : separator) + part;
  return text;
}

// Each aspect once, as it first comes up.
Texts aspects_of(const Lineage& before, const Lineage& after) {
  Texts aspects;
  for (const Lineage* lineage : {&before, &after}) {
    for (const LineageFact& fact : lineage->facts) {
      if (std::find(aspects.begin(), aspects.end(), fact.aspect) == aspects.end()) {
        aspects.push_back(fact.aspect);
      }
    }
  }
  return aspects;
}

void tell(const std::string& aspect, const Texts& before, const Texts& after, Texts& told) {
  if (before == after) return;
  const Texts gone = missing_in(before, after);
  const Texts added = missing_in(after, before);
  const std::string start = aspect + ": ";
  if (gone.empty() && added.empty()) {
    told.push_back(start + joined(before, ", ") + " are now in the order " + joined(after, ", "));
  }
  const size_t pairs = std::min(gone.size(), added.size());
  for (size_t i = 0; i < pairs; ++i) told.push_back(start + gone[i] + " is now " + added[i]);
  for (size_t i = pairs; i < gone.size(); ++i) told.push_back(start + gone[i] + " is gone");
  for (size_t i = pairs; i < added.size(); ++i) told.push_back(start + added[i] + " is new");
}

}  // namespace

std::string fingerprint_of(const std::vector<LineageFact>& facts) {
  RunningChecksum sum;
  for (const LineageFact& fact : facts) {
    sum.update(fact.aspect);
    sum.update(std::string_view("\0", 1));
    sum.update(fact.text);
    sum.update(std::string_view("\0", 1));
  }
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(sum.value()));
  return text;
}

std::string difference(const Lineage& before, const Lineage& after) {
  Texts told;
  for (const std::string& aspect : aspects_of(before, after)) {
    tell(aspect, texts_of(before, aspect), texts_of(after, aspect), told);
  }
  if (told.size() > most_told) {
    const size_t left = told.size() - most_told;
    told.resize(most_told);
    told.push_back("and " + std::to_string(left) + " more");
  }
  return joined(told, "; ");
}

}  // namespace sluice
