#include "operators/changelog_dedup.hpp"

#include <algorithm>
#include <optional>

#include "data/key_encoder.hpp"
#include "operators/described.hpp"
#include "operators/encoded_rows.hpp"
#include "operators/version_order.hpp"
#include "state/state_bytes.hpp"
#include "state/time_to_live.hpp"
#include "state/value_table.hpp"

namespace sluice {

namespace {

// What is remembered of a key.
struct Image {
  int64_t time_us = 0;
  bool is_deleted = false;
  std::string row;  // RowCodec encoding of all columns; of insert_only: empty

  void encode(std::string& out) const {
    append_value(time_us, out);
    append_value<uint8_t>(is_deleted ? 1 : 0, out);
    out.append(row);
  }
  static std::optional<Image> decode(std::string_view saved) {
    StateBytesReader bytes(saved);
    Image image;
    image.time_us = bytes.take<int64_t>();
    image.is_deleted = bytes.take<uint8_t>() != 0;
    image.row = bytes.take_rest();
    return bytes.is_good() ? std::optional(std::move(image)) : std::nullopt;
  }
  uint64_t owned_bytes() const { return row.size(); }
};

using Images = ValueTable<Image>;

class ChangelogDedup final : public Operator {
 public:
  explicit ChangelogDedup(const ChangelogDedupSettings& settings)
      : settings_(settings),
        columns_(all_columns(*settings.schema)),
        key_encoder_(*settings.schema, settings.key),
        row_codec_(types_of(*settings.schema)),
        versions_(*settings.schema, settings.version_column),
        ttl_(settings.ttl_us) {}

  Status open(OperatorContext& context) override {
    context_ = &context;
    duplicates_ = &context.counters->dropped("duplicate");
    stores_.open(*context.memory, "changelog dedup of source " + settings_.source,
                 &context.counters->state_bytes());
    return {};
  }

  Status process(size_t, const RecordBatch& batch, Collector& out) override {
    Output output(*settings_.schema);
    std::vector<uint32_t> kept;
    key_encoder_.encode(batch, keys_);
    images_.probe(keys_, handles_);
    for (uint32_t row = 0; row < batch.rows(); ++row) {
      const int64_t time_us = batch.row_time(row);
      newest_us_ = std::max(newest_us_, time_us);
      if (settings_.ops == ChangelogOps::insert_only) {
        if (is_first(handles_[row], time_us)) kept.push_back(row);
      } else {
        SLUICE_TRY(take_change(batch, row, time_us, output));
      }
    }
    images_.end_batch();
    SLUICE_TRY(stores_.charge());
    if (!knows_watermark_) sweep(newest_us_);
    if (settings_.ops == ChangelogOps::insert_only) {
      duplicates_->add(static_cast<int64_t>(batch.rows() - kept.size()));
      return out.emit(kept.size() == batch.rows() ? batch : batch.gather(kept));
    }
    return emit(output, out);
  }

  Status on_watermark(Watermark watermark, Collector&) override {
    knows_watermark_ = true;
    sweep(watermark.time_us());
    return stores_.charge();
  }

  StateStores* stores() override { return &stores_; }

  Status restore(const StateEntry& entry) override {
    SLUICE_TRY(Operator::restore(entry));
    newest_us_ = std::max(newest_us_, Image::decode(entry.value)->time_us);
    return {};
  }

 private:
  // Changes to emit, as encoded rows with what travels beside them.
  struct Output {
    explicit Output(const Schema& schema) : rows(schema) {}
    EncodedRows rows;
    RowMeta meta;
    std::optional<ColumnBuilder> source_rows;  // where the batch carries any
  };

  bool is_dead(const Image& image, int64_t time_us) const {
    return ttl_.is_expired(image.time_us, time_us);
  }

  bool is_first(Images::Handle key, int64_t time_us) {
    const Image* known = images_.find(key);
    if (known != nullptr && !is_dead(*known, time_us)) return false;
    images_.put(key, {time_us, false, {}});
    return true;
  }

  Status take_change(const RecordBatch& batch, uint32_t row, int64_t time_us, Output& output) {
    const bool is_delete = !is_addition(batch.kind(row));
    row_.clear();
    row_codec_.encode(batch, columns_, row, row_);
    const Images::Handle key = handles_[row];
    const Image* known = images_.find(key);
    if (known != nullptr && is_dead(*known, time_us)) known = nullptr;
    if (known != nullptr) {
      SLUICE_ASSIGN(const int order, versions_.compare(row_, known->row));
      if (is_duplicate(*known, batch, row, order)) {
        // Of a row that is not there the newest version counts all the same.
        if (is_delete && known->is_deleted && settings_.version_column && order > 0)
          remember(key, time_us, true);
        duplicates_->add();
        return {};
      }
    }
    const bool had_row = known != nullptr && !known->is_deleted;
    if (is_delete && !had_row) {
      remember(key, time_us, true);
      duplicates_->add();
      return {};
    }
    if (had_row)
      SLUICE_TRY(add(output, known->row, is_delete ? RowKind::delete_row : RowKind::update_before,
                     batch, row));
    if (!is_delete)
      SLUICE_TRY(add(output, row_, had_row ? RowKind::update_after : RowKind::insert, batch, row));
    // One change came in; an update leaves as two rows.
    if (had_row && !is_delete) context_->counters->created.add();
    remember(key, time_us, is_delete);
    return {};
  }

  // Of a change to row_ whose version is `order` against the known one's. Of one version, what was
  // deleted does not come back as it was, since that is the insert that came again; a row that
  // differs is a new one.
  // One that is there is replaced also by one that is only written otherwise, 7.00 for 7.0: so the
  // source has it now.
  bool is_duplicate(const Image& known, const RecordBatch& batch, uint32_t row, int order) const {
    const bool is_delete = !is_addition(batch.kind(row));
    if (order < 0 || (is_delete && known.is_deleted)) return true;
    if (is_delete) return false;
    if (!known.is_deleted) return known.row == row_;
    return order == 0 && (known.row == row_ || is_equal(known.row, batch, row));
  }

  // As SQL compares: IS NOT DISTINCT FROM in every column.
  bool is_equal(std::string_view encoded, const RecordBatch& batch, uint32_t row) const {
    EncodedRows decoded(*settings_.schema);
    if (!decoded.add(encoded)) return false;
    std::vector<ColumnPtr> columns;
    decoded.finish(columns);
    std::string known;
    std::string own;
    row_codec_.encode_key(RecordBatch(settings_.schema, std::move(columns), 1), columns_, 0, known);
    row_codec_.encode_key(batch, columns_, row, own);
    return known == own;
  }

  void remember(Images::Handle key, int64_t time_us, bool is_deleted) {
    images_.put(key, {time_us, is_deleted, row_});
  }

  Status add(Output& output, std::string_view row, RowKind kind, const RecordBatch& from,
             uint32_t at) const {
    output.meta.kind.push_back(kind);
    if (!from.meta().seen.empty()) output.meta.seen.push_back(from.meta().seen[at]);
    if (!from.meta().row_time.empty()) output.meta.row_time.push_back(from.meta().row_time[at]);
    if (from.meta().source_row) add_source_row(output, kind, from, at);
    return output.rows.add(row);
  }

  // What is taken back came with another row.
  static void add_source_row(Output& output, RowKind kind, const RecordBatch& from, uint32_t at) {
    if (!output.source_rows) output.source_rows.emplace(Type{TypeKind::jsonb});
    if (is_addition(kind)) {
      output.source_rows->append_from(*from.meta().source_row, at);
    } else {
      output.source_rows->append_null();
    }
  }

  static Status emit(Output& output, Collector& out, const SchemaPtr& schema) {
    if (output.source_rows) output.meta.source_row = output.source_rows->finish();
    const size_t rows = output.rows.rows();
    std::vector<ColumnPtr> columns;
    output.rows.finish(columns);
    return out.emit(RecordBatch(schema, std::move(columns), rows, std::move(output.meta)));
  }
  Status emit(Output& output, Collector& out) const {
    return output.rows.rows() == 0 ? Status{} : emit(output, out, settings_.schema);
  }

  void sweep(int64_t clock_us) {
    if (!ttl_.is_sweep_due(clock_us)) return;
    images_.remove_if([&](const Image& image) { return is_dead(image, clock_us); });
  }

  const ChangelogDedupSettings& settings_;
  std::vector<size_t> columns_;
  KeyEncoder key_encoder_;
  RowCodec row_codec_;
  VersionOrder versions_;
  TimeToLive ttl_;
  OperatorContext* context_ = nullptr;
  Counter* duplicates_ = nullptr;
  Images images_{0, "an image of a changelog"};
  StateStores stores_{&images_};
  int64_t newest_us_ = 0;
  bool knows_watermark_ = false;
  // Of the batch at hand.
  BatchKeys keys_;
  std::vector<Images::Handle> handles_;
  std::string row_;
};

}  // namespace

std::shared_ptr<const OperatorDescription> make_changelog_dedup(ChangelogDedupSettings settings) {
  SchemaPtr output = settings.schema;
  return describe<ChangelogDedup>("changelog dedup", std::move(output), std::move(settings));
}

}  // namespace sluice
