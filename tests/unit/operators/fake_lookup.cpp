#include "unit/operators/fake_lookup.hpp"

#include "support/test_rows.hpp"

namespace sluice::test {

class FakeLookup final : public Lookup {
 public:
  explicit FakeLookup(const FakeTable& table) : table_(table) {}

  Status open(const Environment&) override { return {}; }

  Result<LookedUp> fetch(const RecordBatch& keys) override {
    std::string call;
    std::string found;
    std::vector<UnfitRow> unfit;
    uint32_t rows = 0;
    for (size_t row = 0; row < keys.rows(); ++row) {
      const std::string key(keys.column(0).values<std::string_view>()[row]);
      call += (call.empty() ? "" : ", ") + key;
      const auto known = table_.rows_.find(key);
      if (known == table_.rows_.end()) continue;
      const bool fits = known->second != "unfit";
      if (!fits) unfit.push_back({rows, "the row of " + key + " does not fit"});
      found += key + " | " + (fits ? known->second : "NULL | NULL") + "\n";
      ++rows;
    }
    table_.calls_.push_back(call);
    if (table_.is_down_) return fail_retriable(ErrorCode::lookup_failed, "the table is away");
    return LookedUp{read_rows(schema_of("k text, name text, level int"), found), std::move(unfit)};
  }

 private:
  const FakeTable& table_;
};

FakeTable::FakeTable()
    : key_schema_(schema_of("k text")), value_schema_(schema_of("name text, level int")) {}

std::unique_ptr<Lookup> FakeTable::create() const { return std::make_unique<FakeLookup>(*this); }

void FakeTable::change(const std::string& key, const std::string& cells) {
  if (cells == "gone") {
    rows_.erase(key);
  } else if (cells == "down" || cells == "up") {
    is_down_ = cells == "down";
  } else {
    rows_[key] = cells;
  }
}

void FakeTable::reset() {
  rows_.clear();
  calls_.clear();
  is_down_ = false;
}

}  // namespace sluice::test
