// ObjectTexts: the fields of small JSON objects and the elements of lists as texts, for what is
// looked at beside the rows of a batch. Each document is followed by Arena::padding_bytes readable
// bytes. Of a document that breaks off what stands before is given. One thread.
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <vector>

namespace sluice {

class ObjectTexts {
 public:
  ObjectTexts();
  ~ObjectTexts();
  ObjectTexts(const ObjectTexts&) = delete;
  ObjectTexts& operator=(const ObjectTexts&) = delete;

  using Take = std::function<void(std::string_view key, std::string_view text)>;
  // Calls take(key, text of the value) for each field. A key without escapes, and every text,
  // points into `json`; a key with escapes is valid until the next call. False: the object breaks
  // off.
  bool for_each_field(std::string_view json, const Take& take);
  // Texts of the elements of a list.
  std::vector<std::string_view> elements_of(std::string_view json);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace sluice
