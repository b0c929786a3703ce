// Halving: writes a batch of which the target may refuse some rows without saying which. A part
// that is refused is halved until the refused rows stand alone; what was accepted stays, so that
// rows which only fail together are found too. At most 2n - 1 attempts for n rows. Pure control:
// all effects are the PartialBatch's.
#pragma once

#include <cstddef>

#include "base/result.hpp"

namespace sluice {

// A batch that can be written in parts, in order. Rows are numbered from 0.
template <class Failure>
class PartialBatch {
 public:
  virtual ~PartialBatch() = default;
  // Rows [first, last): all of them, or a failure, and then none of them is there. Failures that
  // are not refused() end the whole batch.
  virtual tl::expected<void, Failure> write(size_t first, size_t last) = 0;
  // Whether rows among [first, last) are to blame for the failure of writing them.
  virtual tl::expected<bool, Failure> is_of_rows(const Failure& failure, size_t first,
                                                 size_t last) = 0;
  // The row alone was refused.
  virtual tl::expected<void, Failure> reject(size_t row, Failure failure) = 0;
};

template <class Failure>
tl::expected<void, Failure> write_halving(PartialBatch<Failure>& batch, size_t first, size_t last) {
  tl::expected<void, Failure> written = batch.write(first, last);
  if (written) return written;
  const tl::expected<bool, Failure> is_of_rows = batch.is_of_rows(written.error(), first, last);
  if (!is_of_rows) return tl::unexpected(is_of_rows.error());
  if (!*is_of_rows) return written;
  if (last - first == 1) return batch.reject(first, std::move(written).error());
  const size_t middle = first + (last - first) / 2;
  if (auto left = write_halving(batch, first, middle); !left) return left;
  return write_halving(batch, middle, last);
}

}  // namespace sluice
