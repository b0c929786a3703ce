// DateTimeCursor: where a text stands that is read by a format of to_date or to_timestamp, and what
// can be read there: numbers by their width or as far as they go, words in any case, and characters
// that stand for those of the format. One text, one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "values/time/datetime_pattern.hpp"

namespace sluice {

class DateTimeCursor {
 public:
  explicit DateTimeCursor(std::string_view text) : text_(text) {}

  bool is_at_end() const { return at_ >= text_.size(); }
  // 0 at the end.
  char current() const { return is_at_end() ? '\0' : text_[at_]; }
  std::string_view rest() const { return text_.substr(at_); }
  void skip_byte() { ++at_; }
  void skip_character();
  void skip_spaces();
  // Takes the character of the text that stands for one of the format that is no field: any. Unless
  // the format is exact, a separator takes one only if there is one, and a letter none if spaces
  // were skipped before.
  void skip_for(const PatternPart& part, bool is_exact);
  // After a field: how many more characters than the format has were skipped.
  void forget_skipped() { skipped_ = 0; }
  // A minus may have been taken for the separator before a zone's hours.
  bool skipped_a_minus() const { return skipped_ > 0 && at_ > 0 && text_[at_ - 1] == '-'; }

  // How a number ends: by its width, or as far as there are digits.
  struct Extent {
    size_t width;
    bool is_open;
  };
  struct Number {
    int32_t value;
    int taken;  // characters, blanks before it included
  };
  // Errors: invalid_text, value_out_of_range.
  Result<Number> read_number(Extent extent, const PatternPart& part);
  // "12,026"
  Result<int32_t> read_number_with_comma(const PatternPart& part);
  // The index of the first word, cut to `length`, that the text goes on with. Error invalid_text.
  Result<int32_t> read_word(std::span<const std::string_view> words, size_t length,
                            const PatternPart& part);

 private:
  std::optional<int64_t> scan_number(size_t begin, size_t end, size_t& at) const;

  std::string_view text_;
  size_t at_ = 0;
  int skipped_ = 0;
};

}  // namespace sluice
