// SPDX-License-Identifier: Apache-2.0
// The register tables of boxes on the network.
#include "rows.hpp"

namespace busbar::adapters::models {
namespace {

constexpr auto H = config::Table::holding;
constexpr auto I = config::Table::input;

int deci(double value) {
    return static_cast<int>(value * 10 + 0.5);
}

Model keba() {
    Model row;
    row.id = "keba-p30";
    row.unit = 255;
    row.readable =
        "h1000-1001 h1004-1021 h1036-1037 h1040-1047 h1100-1101 h1110-1111 h1500-1503 h1550-1553 h1600-1603";
    row.writable = "h5004 h5010 h5012 h5014 h5016 h5018 h5020 h5050 h5052";
    row.power_on = {{H, 1014, {0, 17619300 & 0xFFFF}},
                    {H, 1016, {5, 0x1C3A}},
                    {H, 1110, {0, 32000}},
                    {H, 5004, {32000}},
                    {H, 5014, {1}},
                    {H, 5016, {6000}},
                    {H, 5018, {0}}};
    row.offered = [](const Box& box) { return box.get(5014) == 1 ? box.get(5004) / 1000.0 : 0.0; };
    row.fallback = [](const Box& box) { return box.get(5016) / 1000.0; };
    row.show = [](Box& box, const Look& look) {
        box.put32(H, 1000, look.fault ? 4 : look.charging ? 3 : look.offered > 0 ? 2 : 5);
        box.put32(H, 1004, look.plugged ? 7 : 3);
        box.put32(H, 1006, look.fault ? 0x8012 : 0);
        for (int n = 0; n < 3; ++n) {
            box.put32(H, 1008 + 2 * n, look.amperes * 1000);
            box.put32(H, 1040 + 2 * n, 230);
        }
        box.put32(H, 1020, look.watts() * 1000);
        box.put32(H, 1036, look.total_wh * 10);
        box.put32(H, 1502, look.session_wh * 10);
    };
    row.refuses = [](const Box&, int address, int value) {
        if (address == 5014) return value > 1 ? 3 : 0;
        return (address == 5004 || address == 5016) && value != 0 && value < 6000 ? 3 : 0;
    };
    row.longest_read = 2;
    row.watchdog = 30s;
    row.watchdog_register = 5018;
    row.fault_code = FaultCode::OtherError;
    row.vendor_code = "32786";
    row.serial = std::to_string(17619300 & 0xFFFF);
    row.counts_lifetime = row.counts_session = row.measures_power = true;
    row.setpoint_readable = false;
    return row;
}

Model bender(bool is_new) {
    Model row;
    row.id = "bender-cc612";
    row.unit = 255;
    row.readable = "h100-101 h104-112 h120-121 h122 h124 h140 h200-211 h212-217 h706 h712 h715 h1000";
    if (is_new) row.readable += " h131-134 h142-151 h218-227 h716-717 h720-729 h730 h740-746 h1002";
    row.writable = "h124 h131 h132 h1000";
    row.power_on = {
        {H, 100, {0x352E, 0x3332}}, {H, 120, {0x302E, 0x3134}}, {H, 131, {6}},  {H, 132, {0}}, {H, 133, {16}},
        {H, 142, {0x4343, 0x3631}}, {H, 730, {0xFFFF}},         {H, 1000, {32}}};
    row.offered = [](const Box& box) { return std::min<double>(box.get(1000), 32); };
    row.fallback = [](const Box& box) { return double(box.get(131)); };
    row.show = [](Box& box, const Look& look) {
        box.put(H, 104, look.fault ? 4 : look.plugged ? 1 : 0);
        box.put32(H, 105, look.fault ? 0x10 : 0);
        box.put(H, 122, !look.plugged ? 1 : look.charging ? 3 : 2);
        box.put(H, 140, look.charging ? 1 : 0);
        for (int n = 0; n < 3; ++n) {
            box.put32(H, 200 + 2 * n, look.total_wh / 3);
            box.put32(H, 212 + 2 * n, look.amperes * 1000);
            box.put32(H, 222 + 2 * n, 230);
        }
        box.put32(H, 218, look.total_wh);
        box.put32(H, 220, look.watts());
        box.put(H, 706, static_cast<int>(look.offered));
        box.put32(H, 716, look.session_wh);
    };
    row.watchdog = is_new ? 60s : 0s;
    row.max_a = is_new ? 16 : 32;
    row.fault_code = FaultCode::OtherError;
    row.vendor_code = "16";
    row.counts_lifetime = true;
    row.counts_session = row.measures_power = is_new;
    return row;
}

void show_vestel(Box& box, const Look& look) {
    const int state = look.fault ? 8 : !look.plugged ? 0 : look.charging ? 2 : look.offered > 0 ? 4 : 3;
    box.put(I, 1000, state);
    box.put(I, 1001, look.charging ? 1 : 0);
    box.put(I, 1004, look.plugged ? 3 : 0);
    box.put32(I, 1006, 0);
    for (int n = 0; n < 3; ++n) {
        box.put(I, 1008 + 2 * n, static_cast<int>(look.amperes * 1000));
        box.put(I, 1014 + 2 * n, 230);
    }
    box.put32(I, 1020, look.watts());
    box.put32(I, 1036, look.total_wh / 100);
    box.put32(I, 1502, look.session_wh);
}

Model vestel(bool is_new) {
    Model row;
    row.id = "vestel-evc04";
    row.unit = 255;
    row.readable =
        "i100-124 i130-179 i190-199 i210-214 i230-279 i294-297 i400-401 i404 i1000 i1001 i1004 i1006 i1008 "
        "i1010 i1012 i1014 i1016 i1018 i1020-1021 i1024-1025 i1028-1029 i1032-1033 i1036-1037 i1100 i1102 "
        "i1104 i1106 i1108 i1502-1503 i1508-1509 h405 h2000 h2002 h5004";
    if (is_new) row.readable += " i1007 i1516-1530";
    row.writable = "h405 h2000 h2002 h5004 h6000";
    row.power_on = {{I, 404, {1}},  {I, 1102, {6}},  {I, 1104, {32}},
                    {H, 2000, {6}}, {H, 2002, {20}}, {H, 5004, {32}}};
    row.offered = [](const Box& box) { return double(box.get(5004)); };
    row.fallback = [](const Box& box) { return double(box.get(2000)); };
    row.show = [is_new](Box& box, const Look& look) {
        show_vestel(box, look);
        if (is_new) box.put_text(I, 100, "VES-0815-42", 1);
        if (!is_new) box.put_text(I, 100, "VES-0815-42", 2);
        if (is_new) box.put32(I, 1006, look.fault ? 0x00010003 : 0);
        if (!is_new) box.put(I, 1006, look.fault ? 77 : 0);
    };
    row.watchdog = 40s;
    row.watchdog_register = 6000;
    row.fault_code = FaultCode::OtherError;
    row.vendor_code = is_new ? "65539" : "77";
    row.serial = "VES-0815-42";
    row.counts_lifetime = row.counts_session = row.measures_power = true;
    row.most_writes = 15;  // the life sign
    return row;
}

Model daheimladen(bool whole_amperes) {
    Model row;
    row.id = "daheimladen";
    row.unit = 255;
    row.readable =
        "h0 h2 h4 h6 h8 h10 h12-13 h16-17 h20-21 h24-25 h28-29 h32 h34 h36 h38-53 h54-69 h72 h78-79 h87 h89 "
        "h91 "
        "h93 h95 h109 h111 h113";
    row.writable = "h87 h89 h91 h93 h95";
    row.power_on = {{H, 32, {160}}, {H, 34, {60}}, {H, 36, {320}}, {H, 87, {60}}, {H, 89, {0}}, {H, 91, {0}}};
    row.offered = [whole_amperes](const Box& box) {
        const int set = box.get(91);
        return set == 0 ? 16.0 : whole_amperes ? set / 10 : set / 10.0;  // 0 is free charging
    };
    row.fallback = [](const Box& box) { return box.get(87) / 10.0; };
    row.show = [](Box& box, const Look& look) {
        box.put(H, 0, !look.plugged ? 1 : look.charging ? 4 : look.offered > 0 ? 3 : 2);
        box.put(H, 4, look.fault ? 7 : 0);
        for (int n = 0; n < 3; ++n) {
            box.put(H, 6 + 2 * n, deci(look.amperes));
            box.put(H, 109 + 2 * n, 2300);
        }
        box.put32(H, 12, look.watts());
        box.put32(H, 28, look.total_wh / 100);
        box.put_text(H, 38, "DL-2023-000815", 1);
        box.put(H, 72, static_cast<int>(look.session_wh / 100));
    };
    row.gap = 60ms;
    row.watchdog = 60s;
    row.max_a = 16;
    row.fault_code = FaultCode::OtherError;
    row.vendor_code = "7";
    row.serial = "DL-2023-000815";
    row.counts_lifetime = row.counts_session = row.measures_power = true;
    return row;
}

Model pc_electric(bool is_new) {
    Model row;
    row.id = "pc-electric-ev11";
    row.readable = "h100-102 h104-106 h109-110 h135-138 h139-143 h200-203 h206-208";
    row.writable = "h200-203 h206-208";
    if (is_new) row.readable += " h144 h150-160";
    row.power_on = {{H, 102, {16000}},
                    {H, 135, {0x302E, static_cast<std::uint16_t>(is_new ? 0x3237 : 0x3230)}},
                    {H, 138, {0x0001, 0x0203, 0x0405}},
                    {H, 200, {0x8000 + 6000}},
                    {H, 201, {6000}}};
    row.offered = [](const Box& box) { return (box.get(200) & 0x7FFF) / 1000.0; };
    row.fallback = [](const Box& box) { return box.get(201) / 1000.0; };
    row.show = [is_new](Box& box, const Look& look) {
        box.put(H, 100,
                look.fault ? 7
                           : (!look.plugged   ? 1
                              : look.charging ? 5
                                              : 3) +
                                 (look.offered > 0 ? 1 : 0));
        box.put(H, 110, look.fault ? 6 : 0);
        box.put(H, 104, static_cast<int>(look.offered * 1000));
        box.put(H, 106, static_cast<int>(look.session_wh / 10));
        box.put(H, 109, 301);
        if (!is_new) return;
        box.put(H, 144, static_cast<int>(look.watts()));
        for (int n = 0; n < 3; ++n) {
            box.put(H, 150 + n, 2300);
            box.put(H, 153 + n, static_cast<int>(look.amperes * 1000));
        }
        box.put32(H, 159, look.total_wh / 100);
    };
    row.refuses = [](const Box&, int address, int value) {
        const int milliamperes = value & 0x7FFF;
        return address == 200 && milliamperes != 0 && (milliamperes < 6000 || milliamperes > 32000) ? 3 : 0;
    };
    row.watchdog = 60s;
    row.watchdog_register = 203;
    row.max_a = 16;
    row.fault_code = FaultCode::EVCommunicationError;
    row.vendor_code = "6";
    row.serial = "000102030405";
    row.counts_lifetime = row.measures_power = is_new;
    row.counts_session = true;
    return row;
}

int status_of_foxess(const Box& box, const Look& look) {
    if (look.fault || !look.plugged) return look.fault ? 6 : 0;
    return box.get(0x4001) == 1 ? (look.charging ? 3 : 4) : 1;
}

Model foxess() {
    Model row;
    row.id = "foxess-evc";
    row.readable =
        "h0x1001-0x1015 h0x1016-0x1021 h0x1022-0x1031 h0x3000-0x3002 h0x3005 h0x3006 h0x300A h0x300B";
    row.writable = "h0x3000-0x3002 h0x3005 h0x3006 h0x300A h0x300B h0x4000-0x4003";
    row.power_on = {{H, 0x1001, {0x0114}}, {H, 0x1006, {750}}, {H, 0x1013, {320}}, {H, 0x1014, {60}},
                    {H, 0x3001, {320}},    {H, 0x3005, {60}},  {H, 0x3006, {160}}, {H, 0x4001, {0}}};
    row.offered = [](const Box& box) { return box.get(0x4001) == 1 ? box.get(0x3001) / 10.0 : 0.0; };
    row.fallback = [](const Box& box) { return box.get(0x4001) == 1 ? 32.0 : 0.0; };
    row.show = [](Box& box, const Look& look) {
        box.put(H, 0x1003, status_of_foxess(box, look));
        box.put(H, 0x1004, !look.plugged ? 1 : look.charging ? 3 : 2);
        for (int n = 0; n < 3; ++n) {
            box.put(H, 0x1008 + n, 2300);
            box.put(H, 0x100B + n, deci(look.amperes));
        }
        box.put(H, 0x100E, static_cast<int>(look.watts() / 100));
        box.put32(H, 0x1016, look.total_wh / 100);
        box.put32(H, 0x1018, look.session_wh / 100);
        box.put32(H, 0x101A, look.fault ? 0x00000400 : 0);
        box.put_text(H, 0x1022, "FOX7K11234567", 2);
    };
    row.refuses = [](const Box&, int address, int value) {
        if (address == 0x3005) return value < 10 || value > 60 ? 3 : 0;
        return (address == 0x3001 || address == 0x3006) && (value < 60 || value > 320) ? 3 : 0;
    };
    row.watchdog = 60s;
    row.watchdog_register = 0x3001;
    row.fault_code = FaultCode::OtherError;
    row.vendor_code = "1024";
    row.serial = "FOX7K11234567";
    row.counts_lifetime = row.counts_session = row.measures_power = true;
    row.most_writes = 15;
    return row;
}

Model alfen(int validity_s) {
    Model row;
    row.id = "alfen-eve";
    row.second_unit = 200;
    row.readable = "h100-187 h300-385 h1100-1105 h1200-1215";
    row.writable = "h1210-1211 h1215";
    row.power_on = {
        {H, 300, {3}}, {H, 1200, {1}}, {H, 1210, {0x4200, 0}}, {H, 1212, {0x40C0, 0}}, {H, 1215, {3}}};
    row.offered = [](const Box& box) { return box.get_float(1210); };
    row.fallback = [](const Box& box) { return box.get_float(1212); };
    row.show = [validity_s](Box& box, const Look& look) {
        const char* const state = look.fault         ? "F"
                                  : !look.plugged    ? "A"
                                  : look.charging    ? "C2"
                                  : look.offered > 0 ? "B2"
                                                     : "B1";
        box.put_text(H, 157, "ACE0123456", 2);
        box.put_float(H, 1100, 32);
        box.put32(H, 1201, 0);
        box.put_text(H, 1201, state, 2);
        for (int n = 0; n < 3; ++n) {
            box.put_float(H, 306 + 2 * n, 230);
            box.put_float(H, 320 + 2 * n, look.amperes);
        }
        box.put_float(H, 344, look.watts());
        box.put_double(H, 374, look.total_wh);
        box.put_float(H, 1206, look.offered);
        box.put32(H, 1208, box.expired() ? 0 : validity_s);
    };
    row.watchdog = std::chrono::seconds(validity_s);
    row.watchdog_register = 1210;
    row.fault_code = FaultCode::OtherError;
    row.vendor_code = "F";
    row.serial = "ACE0123456";
    row.counts_lifetime = row.measures_power = true;
    row.most_writes = 15;
    return row;
}

}  // namespace

std::vector<Model> network_rows() {
    return {keba(),
            bender(true),
            bender(false),
            vestel(true),
            vestel(false),
            daheimladen(false),
            daheimladen(true),
            pc_electric(true),
            pc_electric(false),
            foxess(),
            alfen(60),
            alfen(10)};
}

}  // namespace busbar::adapters::models
