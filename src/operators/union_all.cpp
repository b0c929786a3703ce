#include "operators/union_all.hpp"

#include "operators/described.hpp"

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

}  // namespace

std::shared_ptr<const OperatorDescription> make_union_all(SchemaPtr schema) {
  return describe<UnionAll>("union all", schema, schema);
}

}  // namespace sluice
