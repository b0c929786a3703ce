#include "connectors/kafka/message_headers.hpp"

namespace sluice::kafka {

void append_headers(const rd_kafka_message_t& message, RawBatch& raw, RawRecord& record) {
  rd_kafka_headers_t* headers = nullptr;
  record.first_header = static_cast<uint32_t>(raw.headers.size());
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return;
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  while (rd_kafka_header_get_all(headers, record.header_count, &name, &value, &size) ==
         RD_KAFKA_RESP_ERR_NO_ERROR) {
    RawHeader& header = raw.headers.emplace_back();
    header.name = raw.arena->copy(name);
    if (value != nullptr) header.value = std::string_view("");
    if (size > 0) header.value = raw.arena->copy({static_cast<const char*>(value), size});
    ++record.header_count;
  }
}

}  // namespace sluice::kafka
