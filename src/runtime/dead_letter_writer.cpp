#include "runtime/dead_letter_writer.hpp"

#include "base/assert.hpp"
#include "env/metrics.hpp"

namespace sluice {

void DeadLetterLimit::count(const Error& error) {
  if (count_ == 0 || is_exceeded()) return;
  const std::lock_guard lock(mutex_);
  const int64_t now_us = clock_.monotonic_us();
  recent_us_.push_back(now_us);
  while (now_us - recent_us_.front() > within_us_) recent_us_.pop_front();
  if (recent_us_.size() <= count_) return;
  recent_us_.pop_front();
  last_ = error.to_string();
  is_exceeded_.store(true, std::memory_order_release);
}

Error DeadLetterLimit::error() const {
  SLUICE_ASSERT(is_exceeded(), "the limit of dead letters is not exceeded");
  const std::lock_guard lock(mutex_);
  return {ErrorCode::too_many_dead_letters,
          "more than " + std::to_string(count_) + " dead letters within " +
              std::to_string(within_us_ / 1'000'000) + " s; the last one: " + last_,
          Retry::never,
          {}};
}

Error DeadLetterLimit::error_of_unpublished(const Error& cause) const {
  Error told = error();
  told.message += "; they are not published yet: " + cause.to_string();
  return told;
}

Status DeadLetterWriter::add(DeadLetter letter) {
  if (sink_ == nullptr) return fail(stopping_error(std::move(letter)));
  log_.warning("dead letter", noted_error(letter));
  limit_.count(letter.error);
  const std::string code = error_code_text(letter.error.code);
  counters_.at(metrics::dead_letters, {{"pipeline", pipeline_}, {"code", code}}).add();
  if (const size_t limit = sink_->max_row_bytes(); limit > 0) shorten(letter, limit);
  pending_.push_back(std::move(letter));
  return {};
}

Status DeadLetterWriter::flush() {
  if (pending_.empty()) return {};
  const RecordBatch batch = dead_letter_batch(pipeline_, pending_);
  pending_.clear();
  return sink_->process(batch);
}

}  // namespace sluice
