// A dimension table in memory: k text -> name text, level int. The table outlives the lookups made
// of it and may change between calls; the keys of every call are kept. Owned by a test, one thread.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "dataflow/lookup.hpp"

namespace sluice::test {

class FakeTable final : public LookupDescription {
 public:
  FakeTable();
  SchemaPtr key_schema() const override { return key_schema_; }
  SchemaPtr value_schema() const override { return value_schema_; }
  std::unique_ptr<Lookup> create() const override;

  // "Anna | 1"; "gone" removes the key; "unfit": its row does not fit; "down" as a key fails every
  // call until "up".
  void change(const std::string& key, const std::string& cells);
  void reset();
  // The calls since the last reset: their keys, in order.
  const std::vector<std::string>& calls() const { return calls_; }

 private:
  friend class FakeLookup;
  SchemaPtr key_schema_;
  SchemaPtr value_schema_;
  std::map<std::string, std::string> rows_;
  bool is_down_ = false;
  mutable std::vector<std::string> calls_;
};

}  // namespace sluice::test
