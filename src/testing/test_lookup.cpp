#include "data/column_text.hpp"
#include "testing/test_connector.hpp"

namespace sluice {

namespace {

class TestLookup final : public Lookup {
 public:
  using Rows = std::map<std::string, TestWorld::LookupRow>;
  TestLookup(const Rows* rows, SchemaPtr keys, SchemaPtr values)
      : rows_(rows), keys_(std::move(keys)), values_(std::move(values)) {}

  Status open(const Environment&) override { return {}; }

  Result<LookedUp> fetch(const RecordBatch& keys) override {
    std::vector<uint32_t> found;
    std::vector<ColumnBuilder> builders;
    for (const Field& field : values_->fields()) builders.emplace_back(field.type);
    for (uint32_t row = 0; row < keys.rows(); ++row) {
      const TestWorld::LookupRow* values = find(keys, row);
      if (values == nullptr) continue;
      found.push_back(row);
      for (size_t i = 0; i < builders.size(); ++i)
        SLUICE_TRY(append((*values_)[i], *values, builders[i]));
    }
    std::vector<Field> fields = keys_->fields();
    fields.insert(fields.end(), values_->fields().begin(), values_->fields().end());
    const RecordBatch kept = keys.gather(found);
    std::vector<ColumnPtr> columns = kept.columns();
    for (ColumnBuilder& builder : builders) columns.push_back(builder.finish());
    const auto schema = std::make_shared<Schema>(std::move(fields));
    return LookedUp{RecordBatch(schema, std::move(columns), found.size()), {}};
  }

 private:
  const TestWorld::LookupRow* find(const RecordBatch& keys, size_t row) const {
    if (rows_ == nullptr) return nullptr;
    std::string key;
    for (size_t i = 0; i < keys_->size(); ++i) {
      if (keys.column(i).is_null(row)) return nullptr;
      format_value(keys.column(i), row, TimeZone(), key);
      key.push_back('\0');
    }
    const auto found = rows_->find(key);
    return found == rows_->end() ? nullptr : &found->second;
  }

  static Status append(const Field& field, const TestWorld::LookupRow& values,
                       ColumnBuilder& builder) {
    const auto value = values.find(field.name);
    if (value == values.end() || !value->second) {
      builder.append_null();
      return {};
    }
    return append_parsed(field.type, *value->second, TimeZone(), builder);
  }

  const Rows* rows_;
  SchemaPtr keys_;
  SchemaPtr values_;
};

class TestLookupDescription final : public LookupDescription {
 public:
  TestLookupDescription(const TestWorld& world, const LookupRequest& request)
      : keys_(std::make_shared<Schema>(request.keys)), values_(request.columns) {
    const auto rows = world.lookups.find(request.name);
    if (rows != world.lookups.end()) rows_ = &rows->second;
  }
  SchemaPtr key_schema() const override { return keys_; }
  SchemaPtr value_schema() const override { return values_; }
  std::unique_ptr<Lookup> create() const override {
    return std::make_unique<TestLookup>(rows_, keys_, values_);
  }

 private:
  const TestLookup::Rows* rows_ = nullptr;
  SchemaPtr keys_;
  SchemaPtr values_;
};

}  // namespace

std::unique_ptr<LookupDescription> make_test_lookup(const TestWorld& world,
                                                    const LookupRequest& request) {
  return std::make_unique<TestLookupDescription>(world, request);
}

}  // namespace sluice
