#include "operators/aggregates/group_changes.hpp"

#include <algorithm>

namespace sluice {

namespace {

// Groups whose results are computed together.
constexpr size_t chunk_groups = 4096;

std::vector<Type> types_of(const std::vector<AggregateCall>& calls) {
  std::vector<Type> types;
  for (const AggregateCall& call : calls) types.push_back(call.function->result);
  return types;
}

std::vector<ColumnBuilder> builders_of(const Schema& schema, size_t first, size_t last) {
  std::vector<ColumnBuilder> builders;
  for (size_t i = first; i < last; ++i) builders.emplace_back(schema[i].type);
  return builders;
}

}  // namespace

GroupChanges::GroupChanges(Groups& groups, const GroupAggregateSettings& settings,
                           OperatorContext& context)
    : groups_(groups),
      settings_(settings),
      context_(context),
      call_codec_(types_of(settings.calls)),
      keys_(builders_of(*settings.output, 0, settings.keys.size())),
      calls_(builders_of(*settings.output, settings.keys.size(), settings.output->size())) {
  for (size_t i = 0; i < settings.calls.size(); ++i) {
    call_columns_.push_back(settings.keys.size() + i);
  }
}

Status GroupChanges::emit(Collector& out) {
  const std::vector<uint32_t> ids = groups_.table().take_marked(AggregateTable::Mark::changed);
  for (size_t first = 0; first < ids.size(); first += chunk_groups) {
    const size_t size = std::min(chunk_groups, ids.size() - first);
    SLUICE_TRY(emit({ids.data() + first, size}, out));
  }
  return {};
}

Status GroupChanges::emit(std::span<const uint32_t> ids, Collector& out) {
  SLUICE_ASSIGN(const Results results, compute(ids));
  context_.counters->created.add(static_cast<int64_t>(results.errors.size()));
  SLUICE_TRY(handle_row_errors(results.batch, results.errors, settings_.policy, context_));
  SLUICE_TRY(compare(results));
  for (const uint32_t id : ids) {
    if (groups_.table().rows(id) > 0 || settings_.keys.empty()) continue;
    SLUICE_TRY(replace(id, std::nullopt));
    groups_.erase(id);
  }
  return flush(out);
}

Result<GroupChanges::Results> GroupChanges::compute(std::span<const uint32_t> ids) const {
  const size_t key_count = settings_.keys.size();
  Results results;
  std::vector<ColumnBuilder> keys = builders_of(*settings_.output, 0, key_count);
  std::vector<ColumnBuilder> calls =
      builders_of(*settings_.output, key_count, settings_.output->size());
  RowMeta meta;
  for (const uint32_t id : ids) {
    if (groups_.table().rows(id) == 0 && key_count > 0) continue;
    SLUICE_TRY(groups_.table().append_key(id, keys));
    Status computed = groups_.table().append_results(id, calls);
    if (!computed) {
      results.errors.push_back({static_cast<uint32_t>(results.ids.size()),
                                std::move(computed).error(), Expression::no_position});
    }
    results.ids.push_back(id);
    meta.row_time.push_back(groups_.time_us(id));
  }
  results.batch = finish(keys, calls, std::move(meta));
  return results;
}

Status GroupChanges::compare(const Results& results) {
  auto next_error = results.errors.begin();
  std::string result;
  for (size_t row = 0; row < results.ids.size(); ++row) {
    if (next_error != results.errors.end() && next_error->row == row) {
      ++next_error;
      SLUICE_TRY(replace(results.ids[row], std::nullopt));
      continue;
    }
    result.clear();
    call_codec_.encode(results.batch, call_columns_, row, result);
    SLUICE_TRY(replace(results.ids[row], result));
  }
  return {};
}

Status GroupChanges::replace(uint32_t id, std::optional<std::string_view> result) {
  const std::optional<std::string_view> sent = groups_.sent(id);
  if (sent == result) return {};
  if (sent) SLUICE_TRY(append(result ? RowKind::update_before : RowKind::delete_row, id, *sent));
  if (result) SLUICE_TRY(append(sent ? RowKind::update_after : RowKind::insert, id, *result));
  groups_.set_sent(id, result);
  return {};
}

Status GroupChanges::append(RowKind kind, uint32_t id, std::string_view result) {
  SLUICE_TRY(groups_.table().append_key(id, keys_));
  SLUICE_TRY(call_codec_.decode(result, calls_));
  meta_.kind.push_back(kind);
  meta_.row_time.push_back(groups_.time_us(id));
  return {};
}

Status GroupChanges::flush(Collector& out) {
  if (meta_.kind.empty()) return {};
  RecordBatch batch = finish(keys_, calls_, std::exchange(meta_, {}));
  context_.counters->created.add(static_cast<int64_t>(batch.rows()));
  return out.emit(std::move(batch));
}

RecordBatch GroupChanges::finish(std::vector<ColumnBuilder>& keys,
                                 std::vector<ColumnBuilder>& calls, RowMeta meta) const {
  std::vector<ColumnPtr> columns;
  for (ColumnBuilder& builder : keys) columns.push_back(builder.finish());
  for (ColumnBuilder& builder : calls) columns.push_back(builder.finish());
  const size_t rows = meta.row_time.size();
  return RecordBatch(settings_.output, std::move(columns), rows, std::move(meta));
}

}  // namespace sluice
