// SPDX-License-Identifier: Apache-2.0
#include "gateway/certificates/certificate_desk.hpp"

#include <boost/asio/post.hpp>
#include <utility>

#include "gateway/certificates/signing_request.hpp"

namespace busbar::gateway {

void KeyMaker::run(std::function<void()> work, std::function<void()> done) {
    if (!worker_) worker_ = std::make_unique<Worker>("keys");
    worker_->post([this, work = std::move(work), done = std::move(done)] {
        work();
        boost::asio::post(loop_, done);
    });
}

void CertificateDesk::ask(const ocpp::CertificateQuestion& question, Done done) {
    if (const auto* wish = std::get_if<ocpp::MakeSigningRequest>(&question))
        return make_request(*wish, std::move(done));
    boost::asio::post(maker_.loop(), [this, question, done = std::move(done), alive = std::weak_ptr(alive_)] {
        if (!alive.expired()) done(answer(question));
    });
}

/// The key is kept before the central system hears of it.
void CertificateDesk::make_request(const ocpp::MakeSigningRequest& wish, Done done) {
    const auto made = std::make_shared<Result<SigningRequest>>(Error{Errc::unsupported, "not made"});
    const auto work = [made, name = charge_point_, organisation = wish.organisation, bits = rsa_bits_] {
        *made = make_signing_request(name, organisation, bits);
    };
    maker_.run(work, [this, made, done = std::move(done), alive = std::weak_ptr(alive_)] {
        if (alive.expired()) return;
        if (!*made) return done(ocpp::SigningRequestMade{made->error()});
        if (const auto kept = book_.keep_request_key((*made)->key); !kept)
            return done(ocpp::SigningRequestMade{kept.error()});
        done(ocpp::SigningRequestMade{(*made)->csr});
    });
}

ocpp::CertificateAnswer CertificateDesk::answer(const ocpp::CertificateQuestion& question) {
    struct Answer {
        CertificateBook& book;
        ocpp::CertificateAnswer operator()(const ocpp::MakeSigningRequest&) const {
            return ocpp::SigningRequestMade{Error{Errc::unsupported, "it is made elsewhere"}};
        }
        ocpp::CertificateAnswer operator()(const ocpp::CertificateSignedReq& request) const {
            return book.accept(request);
        }
        ocpp::CertificateAnswer operator()(const ocpp::DeleteCertificateReq& request) const {
            return book.remove(request.certificateHashData);
        }
        ocpp::CertificateAnswer operator()(const ocpp::GetInstalledCertificateIdsReq& request) const {
            return book.installed(request.certificateType);
        }
        ocpp::CertificateAnswer operator()(const ocpp::InstallCertificateReq& request) const {
            return book.install(request.certificateType, request.certificate.str());
        }
    };
    return std::visit(Answer{book_}, question);
}

}  // namespace busbar::gateway
