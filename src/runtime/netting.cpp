#include "runtime/netting.hpp"

#include <algorithm>

namespace sluice {

namespace {

// What one key costs beside its text: hash slot, vector, string.
constexpr uint64_t entry_overhead_bytes = 160;

}  // namespace

EpochNetting::EpochNetting(SchemaPtr schema, std::vector<size_t> key, bool edge_retracts,
                           MemoryPool& memory, const std::string& sink)
    : schema_(std::move(schema)),
      all_columns_(all_columns(*schema_)),
      key_encoder_(*schema_, std::move(key)),
      row_codec_(types_of(*schema_, all_columns_)),
      edge_retracts_(edge_retracts),
      reservation_(memory, "the rows of sink " + sink + " since the last checkpoint") {}

Status EpochNetting::add(const RecordBatch& batch) {
  key_encoder_.encode(batch, keys_);
  for (size_t row = 0; row < batch.rows(); ++row) {
    const std::string_view key = keys_.key(row);
    row_bytes_.clear();
    row_codec_.encode(batch, all_columns_, row, row_bytes_);
    auto entry = by_key_.find(key);
    if (entry == by_key_.end()) {
      entry = by_key_.try_emplace(std::string(key)).first;
      bytes_ += entry_overhead_bytes + key.size();
    }
    add_change(entry->second, is_addition(batch.kind(row)) ? 1 : -1);
    if (entry->second.empty()) {
      bytes_ -= entry_overhead_bytes + key.size();
      by_key_.erase(entry);
    }
  }
  Status held = reservation_.resize(bytes_);
  if (!held) held.error().advice = "raise state.budget, or shorten checkpoint.interval";
  return held;
}

void EpochNetting::add_change(std::vector<Change>& changes, int64_t count) {
  if (!edge_retracts_) {
    if (!changes.empty()) bytes_ -= cost_of(changes.front());
    changes.assign(1, {row_bytes_, count});
    bytes_ += cost_of(changes.front());
    return;
  }
  const auto same = std::find_if(changes.begin(), changes.end(),
                                 [&](const Change& change) { return change.row == row_bytes_; });
  if (same == changes.end()) {
    changes.push_back({row_bytes_, count});
    bytes_ += cost_of(changes.back());
    return;
  }
  same->count += count;
  if (same->count != 0) return;
  // Of a key that changes often, only what is left takes room, and time to look through.
  bytes_ -= cost_of(*same);
  changes.erase(same);
}

Result<RecordBatch> EpochNetting::decode(const std::vector<const std::string*>& rows,
                                         size_t deletes) const {
  std::vector<ColumnBuilder> builders;
  for (const Field& field : schema_->fields()) builders.emplace_back(field.type, rows.size());
  for (const std::string* row : rows) SLUICE_TRY(row_codec_.decode(*row, builders));
  std::vector<ColumnPtr> columns;
  for (ColumnBuilder& builder : builders) columns.push_back(builder.finish());
  RowMeta meta;
  meta.kind.assign(rows.size(), RowKind::insert);
  std::fill_n(meta.kind.begin(), deletes, RowKind::delete_row);
  return RecordBatch(schema_, std::move(columns), rows.size(), std::move(meta));
}

Result<EpochNetting::Netted> EpochNetting::take() {
  std::map<std::string_view, const std::vector<Change>*> sorted;
  for (const auto& [key, changes] : by_key_) sorted.emplace(key, &changes);
  std::vector<const std::string*> rows;  // deletes, then the surviving rows
  std::vector<const std::string*> survivors;
  std::vector<const std::string*> conflicts;
  for (const auto& [key, changes] : sorted) {
    const std::string* survivor = nullptr;
    const std::string* gone = nullptr;
    for (const Change& change : *changes) {
      if (change.count < 0) gone = &change.row;
      for (int64_t i = 0; i < change.count; ++i) {
        if (survivor != nullptr) conflicts.push_back(&change.row);
        if (survivor == nullptr) survivor = &change.row;
      }
    }
    if (survivor != nullptr) survivors.push_back(survivor);
    if (survivor == nullptr && gone != nullptr) rows.push_back(gone);
  }
  const size_t deletes = rows.size();
  rows.insert(rows.end(), survivors.begin(), survivors.end());
  Netted result;
  SLUICE_ASSIGN(result.changes, decode(rows, deletes));
  SLUICE_ASSIGN(result.conflicts, decode(conflicts, 0));
  by_key_.clear();
  bytes_ = 0;
  SLUICE_TRY(reservation_.resize(0));
  return result;
}

}  // namespace sluice
