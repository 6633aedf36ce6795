import { ContactPointBuilder, type ContactPoint } from '@grafana/grafana-foundation-sdk/alerting';

/** Name of the contact point that the rules name. */
export const CONTACT_POINT = 'operando';

/** A place holder that reaches nobody; `operando dashboards --email` or `--webhook` names people. */
export const contactPoint = (): ContactPoint =>
  new ContactPointBuilder()
    .name(CONTACT_POINT)
    .uid('operando')
    .type('email')
    .settings({ addresses: 'operators@localhost', singleEmail: true })
    .disableResolveMessage(false)
    .build();
