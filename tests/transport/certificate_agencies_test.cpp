#include "transport/certificate_agencies.hpp"

#include <gtest/gtest.h>

#include <string>

namespace sorteo {
namespace {

TEST(CertificateAgenciesTest, AUriNamesAnAgency) {
  EXPECT_EQ(agency_in_uri("urn:sorteo:agency:17"), 17U);
  EXPECT_EQ(agency_in_uri("urn:sorteo:agency:0"), 0U);
  EXPECT_EQ(agency_in_uri("urn:sorteo:agency:4294967295"), 4294967295U);
}

TEST(CertificateAgenciesTest, AnyOtherUriNamesNone) {
  for (const std::string uri :
       {"", "urn:sorteo:agency:", "urn:sorteo:agency", "URN:sorteo:agency:1",
        "urn:sorteo:agency:-1", "urn:sorteo:agency:+1", "urn:sorteo:agency:01",
        "urn:sorteo:agency:00", "urn:sorteo:agency: 1", "urn:sorteo:agency:1 ",
        "urn:sorteo:agency:1,2", "urn:sorteo:agency:0x1", "urn:sorteo:agency:4294967296",
        "urn:sorteo:agency:99999999999999999999", "urn:sorteo:agencies:1",
        "https://example.org/urn:sorteo:agency:1"}) {
    EXPECT_EQ(agency_in_uri(uri), std::nullopt) << uri;
  }
}

TEST(CertificateAgenciesTest, ANulHidesNothing) {
  using namespace std::string_literals;
  EXPECT_EQ(agency_in_uri("urn:sorteo:agency:1\0"s), std::nullopt);
  EXPECT_EQ(agency_in_uri("urn:sorteo:agency:1\0.example.org"s), std::nullopt);
  EXPECT_EQ(agency_in_uri("urn:sorteo:agency:\0001"s), std::nullopt);
}

}  // namespace
}  // namespace sorteo
