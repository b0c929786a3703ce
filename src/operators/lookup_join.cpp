#include "operators/lookup_join.hpp"

#include "data/key_encoder.hpp"
#include "operators/described.hpp"
#include "operators/emitted_rows.hpp"
#include "operators/encoded_rows.hpp"
#include "operators/lookup_cache.hpp"

namespace sluice {

namespace {

class LookupJoin final : public Operator {
 public:
  explicit LookupJoin(const LookupJoinSettings& settings)
      : settings_(settings),
        lookup_(settings.lookup->create()),
        value_schema_(settings.lookup->value_schema()),
        key_encoder_(*settings.input, settings.keys),
        found_key_encoder_(*settings.lookup->key_schema(),
                           all_columns(*settings.lookup->key_schema())),
        value_codec_(types_of(*value_schema_)),
        state_key_encoder_(*settings.input, settings.state_key),
        emitted_(settings.state_key_is_unique, settings.ttl_us) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    unmatched_ = &context.counters->dropped("unmatched");
    cache_.emplace(settings_.cache, *context.memory,
                   "lookup cache of step " + settings_.policy.step);
    stores_.open(*context.memory, "lookup join of step " + settings_.policy.step,
                 &context.counters->state_bytes());
    return lookup_->open(context.environment);
  }

  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    now_us_ = context_->environment.clock->monotonic_us();
    SLUICE_TRY(resolve(batch));
    if (settings_.keeps_rows) {
      state_key_encoder_.encode(batch, state_keys_);
      emitted_.probe(state_keys_, sent_);
    }
    EncodedRows values(*value_schema_);
    std::vector<uint32_t> kept;
    std::vector<RowError> refused;
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      const FoundRow& found = value_of(batch, row);
      if (found.kind == FoundRow::Kind::refused) refused.push_back(error_of(row, found));
      const bool is_missing = found.kind == FoundRow::Kind::missing;
      if (found.kind == FoundRow::Kind::found) SLUICE_TRY(values.add(found.values));
      if (is_missing && settings_.left_outer) values.add_nulls();
      if (values.rows() > kept.size()) kept.push_back(row);
    }
    SLUICE_TRY(handle_row_errors(batch, refused, settings_.policy, *context_));
    emitted_.end_batch();
    SLUICE_TRY(stores_.charge());
    unmatched_->add(static_cast<int64_t>(batch.rows() - kept.size() - refused.size()));
    if (kept.empty()) return {};
    return emit(kept.size() == batch.rows() ? batch : batch.gather(kept), values, out);
  }

  Status on_watermark(Watermark watermark, Collector&) override {
    if (watermark.is_final()) return {};
    emitted_.sweep(watermark.time_us());
    return stores_.charge();
  }

  StateStores* stores() override { return &stores_; }

 private:
  // Finds every key of the batch: in the cache, or in one call for all that it does not know.
  Status resolve(const RecordBatch& batch) {
    resolved_.clear();
    key_encoder_.encode(batch, keys_);
    std::vector<uint32_t> unknown;
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      if (key_encoder_.has_null(batch, row)) continue;
      const std::string_view key = keys_.key(row);
      if (resolved_.contains(key)) continue;
      const LookupCache::Entry* entry = cache_->find(key, now_us_);
      resolved_.emplace(std::string(key), entry != nullptr ? entry->row : FoundRow{});
      if (entry == nullptr) unknown.push_back(row);
    }
    return unknown.empty() ? Status{} : fetch(batch, unknown);
  }

  Status fetch(const RecordBatch& batch, const std::vector<uint32_t>& rows) {
    std::vector<ColumnPtr> columns;
    for (const size_t key : settings_.keys) columns.push_back(gather(batch.column(key), rows));
    const RecordBatch keys(settings_.lookup->key_schema(), std::move(columns), rows.size());
    SLUICE_ASSIGN(const LookedUp found, lookup_->fetch(keys));
    remember(found);
    for (const uint32_t row : rows) {
      const std::string_view key = keys_.key(row);
      SLUICE_TRY(cache_->put(key, resolved_.find(key)->second, now_us_));
    }
    return {};
  }

  void remember(const LookedUp& looked_up) {
    const RecordBatch& found = looked_up.rows;
    auto unfit = looked_up.unfit.begin();
    std::vector<size_t> values = all_columns(*value_schema_);
    for (size_t& value : values) value += found_key_encoder_.columns().size();
    found_key_encoder_.encode(found, found_keys_);
    for (size_t row = 0; row < found.rows(); ++row) {
      FoundRow& resolved = resolved_[found_keys_.key(row)];
      if (unfit != looked_up.unfit.end() && unfit->row == row) {
        resolved = {FoundRow::Kind::refused, unfit++->reason};
        continue;
      }
      resolved = {FoundRow::Kind::found, {}};
      value_codec_.encode(found, values, row, resolved.values);
    }
  }

  // What the dimension has for a row of the input. Valid until the next call.
  const FoundRow& value_of(const RecordBatch& batch, uint32_t row) {
    if (!settings_.keeps_rows) return look_up(batch, row);
    const int64_t time_us = batch.row_time(row);
    if (!is_addition(batch.kind(row))) {
      std::optional<FoundRow> sent = emitted_.take(sent_[row], time_us);
      if (!sent) return look_up(batch, row);
      taken_ = std::move(*sent);
      return taken_;
    }
    const FoundRow& found = look_up(batch, row);
    const bool is_refused = found.kind == FoundRow::Kind::refused;
    emitted_.add(sent_[row], is_refused ? refused_ : found, time_us);
    return found;
  }

  const FoundRow& look_up(const RecordBatch& batch, uint32_t row) {
    if (key_encoder_.has_null(batch, row)) return nothing_;
    return resolved_.find(keys_.key(row))->second;
  }

  static RowError error_of(uint32_t row, const FoundRow& refused) {
    return {
        row, {ErrorCode::lookup_failed, refused.values, Retry::never, {}}, Expression::no_position};
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
    SLUICE_ASSIGN(const std::vector<uint32_t> kept,
                  select_rows(*settings_.residual, joined, evaluation_context(*context_), errors));
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
  KeyEncoder key_encoder_;
  KeyEncoder found_key_encoder_;
  RowCodec value_codec_;
  KeyEncoder state_key_encoder_;
  OperatorContext* context_ = nullptr;
  Counter* unmatched_ = nullptr;
  std::optional<LookupCache> cache_;
  EmittedRows emitted_;
  StateStores stores_{&emitted_.store()};
  int64_t now_us_ = 0;
  // The keys of this batch; none: not in the table.
  absl::flat_hash_map<std::string, FoundRow, KeyHash, KeyEqual> resolved_;
  const FoundRow nothing_;
  const FoundRow refused_{FoundRow::Kind::refused, {}};  // without its reason
  FoundRow taken_;
  // Of the batch at hand.
  BatchKeys keys_;
  BatchKeys found_keys_;
  BatchKeys state_keys_;
  std::vector<EmittedRows::Handle> sent_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_lookup_join(LookupJoinSettings settings) {
  SchemaPtr output = settings.output;
  return describe<LookupJoin>("lookup join", std::move(output), std::move(settings));
}

}  // namespace sluice
