// SPDX-License-Identifier: Apache-2.0
#include "gateway/mqtt/broker_tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <boost/asio/ip/address.hpp>

namespace busbar::gateway {

struct BrokerTlsCallbacks {
    static BrokerTls& owner(const SSL* ssl) {
        return *static_cast<BrokerTls*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    }

    /// libmosquitto has put the address into SNI; the ClientHello is not written yet.
    static void on_info(const SSL* ssl, int where, int /*result*/) {
        if ((where & SSL_CB_HANDSHAKE_START) == 0) return;
        auto& name = owner(ssl).name_;
        auto* writable = const_cast<SSL*>(ssl);
        SSL_ctrl(writable, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name,
                 name.empty() ? nullptr : name.data());
    }

    static int on_verified(int sound, X509_STORE_CTX* store) {
        if (sound == 1) return 1;
        const auto* ssl =
            static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
        owner(ssl).refusal_ = X509_verify_cert_error_string(X509_STORE_CTX_get_error(store));
        return 0;
    }
};

Result<std::unique_ptr<BrokerTls>> BrokerTls::make(const std::string& host, const std::string& ca_file,
                                                   UtcTime verify_at) {
    auto context = client_context(ca_file, "mqtt.ca_file");
    if (!context) return context.error();
    auto* ctx = context->get();
    auto* verification = SSL_CTX_get0_param(ctx);
    X509_VERIFY_PARAM_set_time(verification,
                               std::chrono::floor<seconds>(verify_at).time_since_epoch().count());
    boost::system::error_code not_an_address;
    boost::asio::ip::make_address(host, not_an_address);
    if (not_an_address) {
        X509_VERIFY_PARAM_set_hostflags(verification, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
        X509_VERIFY_PARAM_set1_host(verification, host.data(), host.size());
    } else {
        X509_VERIFY_PARAM_set1_ip_asc(verification, host.c_str());
    }
    std::unique_ptr<BrokerTls> made(new BrokerTls(not_an_address ? host : "", *std::move(context)));
    SSL_CTX_set_app_data(ctx, made.get());
    SSL_CTX_set_info_callback(ctx, BrokerTlsCallbacks::on_info);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, BrokerTlsCallbacks::on_verified);
    return made;
}

}  // namespace busbar::gateway
