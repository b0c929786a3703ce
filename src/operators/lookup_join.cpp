#include "operators/lookup_join.hpp"

#include <algorithm>

#include "operators/encoded_rows.hpp"
#include "operators/lookup_cache.hpp"
#include "operators/row_ttl.hpp"
#include "state/keyed_table.hpp"

namespace sluice {

namespace {

// What was emitted for a row that may be taken back: the dimension's part, absent for a miss.
struct EmittedRow {
  int64_t time_us = 0;
  bool is_found = false;
  std::string row;
};

void encode_emitted(const EmittedRow& emitted, std::string& out) {
  append_number(emitted.time_us, out);
  append_number<uint8_t>(emitted.is_found ? 1 : 0, out);
  out.append(emitted.row);
}

class LookupJoin final : public Operator {
 public:
  explicit LookupJoin(const LookupJoinSettings& settings)
      : settings_(settings),
        lookup_(settings.lookup->create()),
        value_schema_(settings.lookup->value_schema()),
        key_codec_(types_of(*settings.input, settings.keys)),
        value_codec_(types_of(*value_schema_)),
        state_codec_(types_of(*settings.input, settings.state_key)) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    unmatched_ = &context.counters->dropped("unmatched");
    cache_.emplace(settings_.cache, *context.memory);
    reservation_.emplace(*context.memory, "lookup join of step " + settings_.policy.step,
                         &context.counters->state_bytes());
    return lookup_->open(context.environment);
  }

  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    now_us_ = context_->environment.clock->now_us();
    SLUICE_TRY(resolve(batch));
    EncodedRows values(*value_schema_);
    std::vector<uint32_t> kept;
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      SLUICE_ASSIGN(const std::optional<std::string_view> found, value_of(batch, row));
      if (!found && !settings_.left_outer) continue;
      kept.push_back(row);
      if (found) SLUICE_TRY(values.add(*found));
      if (!found) values.add_nulls();
    }
    unmatched_->add(static_cast<int64_t>(batch.rows() - kept.size()));
    if (kept.empty()) return {};
    return emit(kept.size() == batch.rows() ? batch : batch.gather(kept), values, out);
  }

  Status on_watermark(Watermark watermark, Collector&) override {
    if (settings_.ttl_us == 0 || watermark.is_final()) return {};
    if (watermark.time_us() - swept_us_ < settings_.ttl_us / 16) return {};
    swept_us_ = watermark.time_us();
    emitted_.remove_if([&](const EmittedRow& emitted) {
      if (!is_expired(emitted.time_us, watermark.time_us(), settings_.ttl_us)) return false;
      emitted_bytes_ -= emitted.row.size();
      return true;
    });
    return reservation_->resize(emitted_.bytes() + emitted_bytes_);
  }

  Status snapshot(StateWriter& writer) override {
    emitted_.snapshot(writer, encode_emitted);
    return {};
  }

  Status restore(const StateEntry& entry) override {
    EmittedRow emitted;
    std::string_view bytes = entry.value;
    uint8_t flags = 0;
    if (!take_number(bytes, emitted.time_us) || !take_number(bytes, flags)) {
      return fail(ErrorCode::state_corrupt, "a saved row of a lookup join is malformed");
    }
    emitted.is_found = flags != 0;
    emitted.row = bytes;
    emitted_bytes_ += emitted.row.size();
    emitted_.restore(entry.key) = std::move(emitted);
    return reservation_->resize(emitted_.bytes() + emitted_bytes_);
  }

 private:
  bool has_null_key(const RecordBatch& batch, uint32_t row) const {
    return std::any_of(settings_.keys.begin(), settings_.keys.end(),
                       [&](size_t key) { return batch.column(key).is_null(row); });
  }

  std::string_view encode_key(const RecordBatch& batch, uint32_t row) {
    key_.clear();
    key_codec_.encode_key(batch, settings_.keys, row, key_);
    return key_;
  }

  // Finds every key of the batch: in the cache, or in one call for all that it does not know.
  Status resolve(const RecordBatch& batch) {
    resolved_.clear();
    std::vector<uint32_t> unknown;
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      if (has_null_key(batch, row)) continue;
      const std::string_view key = encode_key(batch, row);
      if (resolved_.contains(key)) continue;
      const LookupCache::Entry* entry = cache_->find(key, now_us_);
      resolved_.emplace(std::string(key), entry != nullptr ? entry->row : std::nullopt);
      if (entry == nullptr) unknown.push_back(row);
    }
    return unknown.empty() ? Status{} : fetch(batch, unknown);
  }

  Status fetch(const RecordBatch& batch, const std::vector<uint32_t>& rows) {
    std::vector<ColumnPtr> columns;
    for (const size_t key : settings_.keys) columns.push_back(gather(batch.column(key), rows));
    const RecordBatch keys(settings_.lookup->key_schema(), std::move(columns), rows.size());
    SLUICE_ASSIGN(const RecordBatch found, lookup_->fetch(keys));
    SLUICE_TRY(remember(found));
    for (const uint32_t row : rows) {
      const std::string_view key = encode_key(batch, row);
      SLUICE_TRY(cache_->put(key, resolved_.find(key)->second, now_us_));
    }
    return {};
  }

  Status remember(const RecordBatch& found) {
    std::vector<size_t> keys = all_columns(*settings_.lookup->key_schema());
    std::vector<size_t> values = all_columns(*value_schema_);
    for (size_t& value : values) value += keys.size();
    for (size_t row = 0; row < found.rows(); ++row) {
      key_.clear();
      value_.clear();
      key_codec_.encode_key(found, keys, row, key_);
      value_codec_.encode(found, values, row, value_);
      resolved_[key_] = value_;
    }
    return {};
  }

  // The dimension's encoded row for a row of the input; none for a miss. Valid until the next call.
  Result<std::optional<std::string_view>> value_of(const RecordBatch& batch, uint32_t row) {
    if (!settings_.keeps_rows) return look_up(batch, row);
    std::string state_key;
    state_codec_.encode_key(batch, settings_.state_key, row, state_key);
    if (!is_addition(batch.kind(row))) return take_back(state_key, batch, row);
    const std::optional<std::string_view> found = look_up(batch, row);
    EmittedRow& emitted = emitted_.change(state_key);
    emitted_bytes_ -= emitted.row.size();
    emitted.time_us = batch.meta().row_time.empty() ? 0 : batch.meta().row_time[row];
    emitted.is_found = found.has_value();
    emitted.row = found.value_or(std::string_view());
    emitted_bytes_ += emitted.row.size();
    SLUICE_TRY(reservation_->resize(emitted_.bytes() + emitted_bytes_));
    return found;
  }

  Result<std::optional<std::string_view>> take_back(const std::string& state_key,
                                                    const RecordBatch& batch, uint32_t row) {
    const EmittedRow* emitted = emitted_.find(state_key);
    if (emitted == nullptr) return look_up(batch, row);
    const bool is_found = emitted->is_found;
    emitted_bytes_ -= emitted->row.size();
    value_ = emitted->row;
    emitted_.remove(state_key);
    return is_found ? std::optional<std::string_view>(value_) : std::nullopt;
  }

  std::optional<std::string_view> look_up(const RecordBatch& batch, uint32_t row) {
    if (has_null_key(batch, row)) return std::nullopt;
    return resolved_.find(encode_key(batch, row))->second;
  }

  Status emit(const RecordBatch& input, EncodedRows& values, Collector& out) {
    std::vector<ColumnPtr> looked_up;
    values.finish(looked_up);
    std::vector<ColumnPtr> columns = input.columns();
    for (const size_t column : settings_.columns) columns.push_back(looked_up[column]);
    const RecordBatch joined = input.with_columns(settings_.output, std::move(columns));
    return settings_.residual ? emit_filtered(input, joined, out) : out.emit(joined);
  }

  // The residual is part of ON: a row it refuses has found nothing.
  Status emit_filtered(const RecordBatch& input, const RecordBatch& joined, Collector& out) {
    std::vector<RowError> errors;
    const std::vector<uint32_t> kept =
        select_rows(*settings_.residual, joined, evaluation_context(*context_), errors);
    SLUICE_TRY(handle_row_errors(input, errors, settings_.policy, *context_));
    if (!settings_.left_outer) {
      unmatched_->add(static_cast<int64_t>(joined.rows() - kept.size() - errors.size()));
      return out.emit(joined.gather(kept));
    }
    std::vector<bool> is_kept(joined.rows(), false);
    for (const uint32_t row : kept) is_kept[row] = true;
    std::vector<ColumnPtr> columns = input.columns();
    for (size_t i = 0; i < settings_.columns.size(); ++i) {
      const Column& from = joined.column(input.columns().size() + i);
      ColumnBuilder builder(from.type(), joined.rows());
      for (size_t row = 0; row < joined.rows(); ++row) {
        if (is_kept[row]) builder.append_from(from, row);
        if (!is_kept[row]) builder.append_null();
      }
      columns.push_back(builder.finish());
    }
    const RecordBatch padded = input.with_columns(settings_.output, std::move(columns));
    return out.emit(errors.empty() ? padded
                                   : padded.gather(rows_without_errors(padded.rows(), errors)));
  }

  const LookupJoinSettings& settings_;
  std::unique_ptr<Lookup> lookup_;
  SchemaPtr value_schema_;
  RowCodec key_codec_;
  RowCodec value_codec_;
  RowCodec state_codec_;
  OperatorContext* context_ = nullptr;
  Counter* unmatched_ = nullptr;
  std::optional<LookupCache> cache_;
  std::optional<Reservation> reservation_;
  KeyedTable<EmittedRow> emitted_{0};
  uint64_t emitted_bytes_ = 0;
  int64_t swept_us_ = 0;
  int64_t now_us_ = 0;
  // The keys of this batch; none: not in the table.
  absl::flat_hash_map<std::string, std::optional<std::string>, KeyHash, KeyEqual> resolved_;
  std::string key_;
  std::string value_;
};

class LookupJoinDescription final : public OperatorDescription {
 public:
  explicit LookupJoinDescription(LookupJoinSettings settings) : settings_(std::move(settings)) {}
  std::string label() const override { return "lookup join"; }
  SchemaPtr output_schema() const override { return settings_.output; }
  std::unique_ptr<Operator> create() const override {
    return std::make_unique<LookupJoin>(settings_);
  }

 private:
  LookupJoinSettings settings_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_lookup_join(LookupJoinSettings settings) {
  return std::make_shared<LookupJoinDescription>(std::move(settings));
}

}  // namespace sluice
