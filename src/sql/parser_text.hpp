// ParserText: a query as the parser is given it, with additions, and the way back from its places
// to those of the text that the user wrote. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/sql_text.hpp"

namespace sluice {

class ParserText {
 public:
  // `prefix` is put in front.
  ParserText(std::string_view prefix, std::string_view sql);

  const std::string& text() const { return text_; }
  // Gives the subquery whose opening bracket stands at a position of the user's text the name that
  // PostgreSQL asks for before version 16. False when it has one already, or no end.
  bool name_subquery(uint32_t position);
  static constexpr std::string_view subquery_name = "(unnamed)";

  // In bytes. nullopt: in an addition.
  std::optional<size_t> byte_of_user(size_t byte) const;
  // In characters. Of an addition: where it stands.
  uint32_t position_of_user(uint32_t position) const;

 private:
  struct Addition {
    size_t byte;  // of the user's text
    uint32_t position;
    std::string text;
  };

  void put_together();

  SqlText user_;
  std::vector<Addition> additions_;  // by place
  std::string text_;
};

}  // namespace sluice
