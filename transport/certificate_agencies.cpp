#include "transport/certificate_agencies.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace sorteo {
namespace {

struct FreeNames {
  void operator()(GENERAL_NAMES* names) const noexcept { GENERAL_NAMES_free(names); }
};

std::string_view text_of(const ASN1_STRING* string) noexcept {
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

}  // namespace

std::optional<std::uint32_t> agency_in_uri(std::string_view uri) noexcept {
  if (!uri.starts_with(kAgencyUri)) {
    return std::nullopt;
  }
  const std::string_view digits = uri.substr(kAgencyUri.size());
  if (digits.size() > 1 && digits.front() == '0') {
    return std::nullopt;
  }
  std::uint32_t agency = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, agency);
  if (error != std::errc() || stopped != end) {
    return std::nullopt;
  }
  return agency;
}

std::vector<std::uint32_t> agencies_in(const X509& certificate) {
  std::vector<std::uint32_t> agencies;
  const std::unique_ptr<GENERAL_NAMES, FreeNames> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(&certificate, NID_subject_alt_name, nullptr, nullptr)));
  const int count = names ? sk_GENERAL_NAME_num(names.get()) : 0;
  for (int at = 0; at < count; ++at) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), at);
    if (name->type != GEN_URI) {
      continue;
    }
    if (const auto agency = agency_in_uri(text_of(name->d.uniformResourceIdentifier))) {
      agencies.push_back(*agency);
    }
  }
  std::sort(agencies.begin(), agencies.end());
  agencies.erase(std::unique(agencies.begin(), agencies.end()), agencies.end());
  return agencies;
}

}  // namespace sorteo
