// SPDX-License-Identifier: Apache-2.0
// A charge point made from records of any kind, key and body, a line each: it starts, and lives through a
// day.
#include "tests/fuzz/conversation.hpp"
#include "tests/fuzz/expect.hpp"

namespace {

constexpr int most_records = 20;

constexpr std::string_view a_day = R"(%
+
GetConfiguration {}
GetLocalListVersion {}
GetCompositeSchedule {"connectorId":0,"duration":86400}
TriggerMessage {"requestedMessage":"FirmwareStatusNotification"}
@1B e1000
@2A e5
.30
RemoteStartTransaction {"connectorId":1,"idTag":"ABC"}
@1c 4000
.90
RemoteStopTransaction {"transactionId":7}
ReserveNow {"connectorId":2,"expiryDate":"2026-11-22T13:00:00Z","idTag":"ABC","reservationId":1}
SendLocalList {"listVersion":9,"updateType":"Differential","localAuthorizationList":[{"idTag":"ABC"}]}
ChangeAvailability {"connectorId":0,"type":"Operative"}
ClearChargingProfile {}
@1B
.100
@1A
.5000
%m
+
.100
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    busbar::fuzz::Conversation conversation(busbar::fuzz::Answers::willing);
    auto text = busbar::fuzz::text_of(data, size);
    for (int lines = 0; !text.empty() && lines < most_records; ++lines) {
        conversation.step("&" + std::string(busbar::fuzz::take_line(text)));
    }
    conversation.run(a_day);
    return 0;
}
