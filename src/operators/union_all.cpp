#include "operators/union_all.hpp"

namespace sluice {

namespace {

class UnionAll final : public Operator {
 public:
  explicit UnionAll(SchemaPtr schema) : schema_(std::move(schema)) {}
  Status open(OperatorContext&) override { return {}; }
  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    return out.emit(batch.with_columns(schema_, batch.columns()));
  }

 private:
  SchemaPtr schema_;
};

class UnionAllDescription final : public OperatorDescription {
 public:
  explicit UnionAllDescription(SchemaPtr schema) : schema_(std::move(schema)) {}
  std::string label() const override { return "union all"; }
  SchemaPtr output_schema() const override { return schema_; }
  std::unique_ptr<Operator> create() const override { return std::make_unique<UnionAll>(schema_); }

 private:
  SchemaPtr schema_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_union_all(SchemaPtr schema) {
  return std::make_shared<UnionAllDescription>(std::move(schema));
}

}  // namespace sluice
