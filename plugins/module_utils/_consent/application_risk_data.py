# Copyright (c) 2026, tenantops contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How risky application permissions are, app roles that an app holds itself: data. PRIVATE to tenantops.entra.

LEVELS: Microsoft Graph's app roles. Source: the privilege levels (1 to 4) that Microsoft publishes for Application in
microsoftgraph/microsoft-graph-devx-content @6cbd6bb, MIT. 4 is high; 3, or none, is medium if it only reads, or reaches
only what is the app's own or chosen for it (.OwnedBy, .ManagedBy, .CreatedByApp, .Selected), else high; 2 is low if it
only reads, else medium. Raised: to critical, TIER_0; to high, the content of mailboxes, files, chats and calls; to its
level in risk_data, what is a delegated scope too: without a user, an app can do no less.

TIER_0: what takes over the tenant with no other permission, where the tenant has what the sentence names. Sources:
emiliensocchi/azure-tiering @5edc675, tier 0, and most in MT.1050 of maester365/maester @6bf1d98; SpecterOps,
"Directory.ReadWrite.All Is Not As Powerful As You Might Think"; Semperis, "Exploiting App-Only Graph Permissions in
Entra ID". Azure AD Graph, retired, has the same objects: Microsoft, "Permissions differences between Azure AD Graph and
Microsoft Graph". Left out, but high or more: what takes another permission or an administrator's help
(AdministrativeUnit.ReadWrite.All, DelegatedPermissionGrant.ReadWrite.All), locks others out (User.DeleteRestore.All),
takes over other tenants (DelegatedAdminRelationship.ReadWrite.All), or has no path that several show.
OTHER_APIS: by the same rules. Names: cisagov/ScubaGear @7b940a2, RiskyPermissions.json, and Microsoft's documentation.
"""

from __future__ import annotations

from ansible_collections.tenantops.entra.plugins.module_utils._consent.principals import GRAPH_APP_ID

AZURE_AD_GRAPH = "00000002-0000-0000-c000-000000000000"
EXCHANGE_ONLINE = "00000002-0000-0ff1-ce00-000000000000"
SHAREPOINT_ONLINE = "00000003-0000-0ff1-ce00-000000000000"
OFFICE_365_MANAGEMENT = "c5393580-f805-4401-95e8-94b7a6ef2fc2"

_APPS = "add credentials to any app and act as it, with all that it may do"
_OWN_APPS = "add credentials to the apps that it owns and act as them, with all that they may do"
_DEVICES = "run commands on an administrator's managed device and act with that administrator's sign-in"
_DOMAINS = "federate a domain with an identity provider of its own and sign in as any user, administrators included"
_GROUPS = "join any group that is not role-assignable, with all that it gives, as roles in Azure"
_USERS = "change a user of its choice until a dynamic group takes it in, with all that it gives, as roles in Azure"
# Resource app id → app role → what completes "… lets the app ".
TIER_0: dict[str, dict[str, str]] = {
    GRAPH_APP_ID: {
        "AppRoleAssignment.ReadWrite.All": "grant itself, or any other app, every application permission",
        "Application.ReadUpdate.All": _APPS,
        "Application.ReadWrite.All": _APPS,
        "Application.ReadWrite.OwnedBy": _OWN_APPS,
        "DeviceManagementConfiguration.ReadWrite.All": _DEVICES,
        "DeviceManagementRBAC.ReadWrite.All": "let anyone run commands on administrators' devices and act as them",
        "DeviceManagementScripts.ReadWrite.All": _DEVICES,
        "Directory.ReadWrite.All": _GROUPS,
        "Domain.ReadWrite.All": _DOMAINS,
        "EntitlementManagement.ReadWrite.All": "give anyone any access package, also one with administrator roles",
        "Group.ReadWrite.All": _GROUPS,
        "GroupMember.ReadWrite.All": _GROUPS,
        "Organization.ReadWrite.All": "sign in as any user with a certificate of its own, where certificates suffice",
        "Policy.ReadWrite.PermissionGrant": "write the policy by which it may grant itself any application permission",
        "PrivilegedAccess.ReadWrite.AzureADGroup": "put anyone into any group, also one of administrators",
        "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup": "put anyone into any group, also one of administrators",
        "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup": "make anyone eligible for any group of administrators",
        "RoleAssignmentSchedule.ReadWrite.Directory": "make a user of its choice a Global Administrator",
        "RoleEligibilitySchedule.ReadWrite.Directory": "make a user of its choice eligible as Global Administrator",
        "RoleManagement.ReadWrite.Directory": "make itself, or anyone, a Global Administrator",
        "SignInIdentifier.ReadWrite.All": _USERS,
        "User-PasswordProfile.ReadWrite.All": "reset passwords of users without administrator roles and act as them",
        "User.ReadWrite.All": _USERS,
        "UserAuthMethod-HardwareOATH.ReadWrite.All": "sign in as any user with a token of its own, if tokens suffice",
        "UserAuthMethod-Phone.ReadWrite.All": "sign in as any user with a phone of its own, if text messages suffice",
        "UserAuthMethod-QR.ReadWrite.All": "sign in as any user with a QR code and PIN, where these suffice",
        "UserAuthMethod-TAP.ReadWrite.All": "sign in as any user with a Temporary Access Pass, where allowed",
        "UserAuthenticationMethod.ReadWrite.All": "sign in as any user with a Temporary Access Pass, where allowed",
    },
    AZURE_AD_GRAPH: {
        "Application.ReadWrite.All": _APPS,
        "Application.ReadWrite.OwnedBy": _OWN_APPS,
        "Directory.ReadWrite.All": _GROUPS,
        "Domain.ReadWrite.All": _DOMAINS,
    },
}
LEVELS: dict[str, str] = {
    "low": """
    AuditActivity.Read ChangeManagement.Read.All ContentActivity.Read MultiTenantOrganization.ReadBasic.All
    SensitivityLabel.Read SensitivityLabels.Read.All
    """,
    "medium": """
    Acronym.Read.All AgentCard.ReadWrite.ManagedBy AgentCardManifest.Read.All AgentCardManifest.ReadWrite.ManagedBy
    AgentCollection.Read.All AgentCollection.ReadWrite.ManagedBy AgentCommunicationConfiguration.Read.All
    AgentInstance.Read.All AgentInstance.ReadWrite.ManagedBy AgentRegistration.Read.All AppCatalog.Read.All
    ApprovalSolution.Read.All AuditActivity.Write Bookings.Read.All Bookmark.Read.All BrowserSiteLists.Read.All
    BusinessScenarioConfig.Read.OwnedBy BusinessScenarioConfig.ReadWrite.OwnedBy BusinessScenarioData.Read.OwnedBy
    BusinessScenarioData.ReadWrite.OwnedBy Calendars.ReadBasic.All CallDelegation.Read.All CallEvents-Emergency.Read.All
    CallEvents.Read.All CallRecord-PstnCalls.Read.All CallRecords.Read.All Channel.ReadBasic.All Chat.ReadBasic.All
    Chat.ReadBasic.WhereInstalled ChatMember.Read.All ChatMember.Read.WhereInstalled CloudApp-Discovery.Read.All
    CloudPC.Read.All Community.Read.All Content.Process.User ContentActivity.Write CopilotPackages.Read.All
    CrossTenantInformation.ReadBasic.All CustomAuthenticationExtension.Receive.Payload Device.Read.All
    DeviceTemplate.Read.All EduAdministration.Read.All EduAssignments.Read.All EduAssignments.ReadBasic.All
    EduCurricula.Read.All EduReports-Reading.Read.All EduReports-Reading.ReadAnonymous.All EduReports-Reflect.Read.All
    EduReports-Reflect.ReadAnonymous.All EduRoster.Read.All EduRoster.ReadBasic.All
    EngagementMeetingConversation.Read.All FileStorageContainer.Selected FileStorageContainerTypeReg.Selected
    Files.SelectedOperations.Selected Group-XTenantIdentitySync.Read.All HealthMonitoringAlert.Read.All
    HealthMonitoringAlertConfig.Read.All IndustryData.ReadBasic.All InformationProtectionConfig.Read.All
    InformationProtectionPolicy.Read.All Insights-UserMetric.Read.All LearningAssignedCourse.Read.All
    LearningSelfInitiatedCourse.Read.All LicenseAssignment.Read.All LifecycleWorkflows-CustomExt.Read.All
    LifecycleWorkflows-Reports.Read.All LifecycleWorkflows-Workflow.Read.All LifecycleWorkflows-Workflow.ReadBasic.All
    ListItems.SelectedOperations.Selected Lists.SelectedOperations.Selected Mail.ReadBasic Mail.ReadBasic.All
    MailTips.ReadBasic.All MailboxConfigItem.Read MailboxFolder.Read.All MailboxSettings.Read
    NetworkAccessBranch.Read.All NetworkAccessPolicy.Read.All OnlineMeetingArtifact.Read.All OnlineMeetings.Read.All
    OrgSettings-Microsoft365Install.Read.All PartnerBilling.Read.All Policy.Read.ConditionalAccess Presence.Read.All
    PrintJob.ReadBasic.All ProfilePhoto.Read.All ProtectionScopes.Compute.User QnA.Read.All
    ResourceSpecificPermissionGrant.ReadForChat.All ResourceSpecificPermissionGrant.ReadForTeam.All
    ResourceSpecificPermissionGrant.ReadForUser.All Sites.Selected SynchronizationData-User.Upload.OwnedBy
    Tasks.Read.All Team.ReadBasic.All TeamTemplates.Read.All TeamsActivity.Read.All TeamsAppInstallation.Read.All
    TeamsAppInstallation.ReadForChat.All TeamsAppInstallation.ReadForTeam.All TeamsAppInstallation.ReadForUser.All
    TeamsAppInstallation.ReadSelectedForChat.All TeamsAppInstallation.ReadSelectedForTeam.All
    TeamsAppInstallation.ReadSelectedForUser.All TeamworkAppSettings.Read.All TeamworkCustomEmoji.Read.All
    TeamworkSection.Read.All TeamworkTag.Read.All ThreatAssessment.Read.All ThreatIndicators.ReadWrite.OwnedBy
    User.ReadBasic.All UserAuthMethod-Password.Read.All UserAuthMethod-Phone.Read.All
    UserNotification.ReadWrite.CreatedByApp UserShiftPreferences.Read.All UserTeamwork.Read.All
    VirtualAppointment.Read.All VirtualEvent.Read.All VirtualEventRegistration-Anon.ReadWrite.All
    """,
    "high": """
    APIConnectors.Read.All APIConnectors.ReadWrite.All AccessReview.Read.All AccessReview.ReadWrite.All
    AccessReview.ReadWrite.Membership AdministrativeUnit.Read.All AdministrativeUnit.ReadWrite.All AgentCard.Read.All
    AgentCard.ReadWrite.All AgentCardManifest.ReadWrite.All AgentCollection.ReadWrite.All
    AgentCommunicationConfiguration.ReadWrite.All AgentIdUser.ReadWrite.All AgentIdUser.ReadWrite.IdentityParentedBy
    AgentIdentity.Create.All AgentIdentity.CreateAsManager AgentIdentity.DeleteRestore.All
    AgentIdentity.EnableDisable.All AgentIdentity.Read.All AgentIdentity.ReadWrite.All
    AgentIdentityBlueprint.AddRemoveCreds.All AgentIdentityBlueprint.Create AgentIdentityBlueprint.DeleteRestore.All
    AgentIdentityBlueprint.Read.All AgentIdentityBlueprint.ReadWrite.All AgentIdentityBlueprint.UpdateAuthProperties.All
    AgentIdentityBlueprint.UpdateBranding.All AgentIdentityBlueprintPrincipal.Create
    AgentIdentityBlueprintPrincipal.DeleteRestore.All AgentIdentityBlueprintPrincipal.EnableDisable.All
    AgentIdentityBlueprintPrincipal.Read.All AgentIdentityBlueprintPrincipal.ReadWrite.All AgentInstance.ReadWrite.All
    AgentRegistration.ReadWrite.All Agreement.Read.All Agreement.ReadWrite.All AgreementAcceptance.Read.All
    AiEnterpriseInteraction.Read.All AppCatalog.ReadWrite.All Application-RemoteDesktopConfig.ReadWrite.All
    Application.Read.All ApprovalSolution.ReadWrite.All AttackSimulation.Read.All AttackSimulation.ReadWrite.All
    AuditLog.Read.All AuditLogsQuery-CRM.Read.All AuditLogsQuery-Endpoint.Read.All AuditLogsQuery-Entra.Read.All
    AuditLogsQuery-Exchange.Read.All AuditLogsQuery-OneDrive.Read.All AuditLogsQuery-SharePoint.Read.All
    AuditLogsQuery.Read.All AuthenticationContext.Read.All AuthenticationContext.ReadWrite.All
    BackupRestore-Configuration.Read.All BackupRestore-Configuration.ReadWrite.All BackupRestore-Control.Read.All
    BackupRestore-Control.ReadWrite.All BackupRestore-Monitor.Read.All BackupRestore-Restore.Read.All
    BackupRestore-Restore.ReadWrite.All BackupRestore-Search.Read.All BillingConfiguration.ReadWrite.All
    BitlockerKey.Read.All BitlockerKey.ReadBasic.All Bookings.Manage.All Bookings.ReadWrite.All
    BookingsAppointment.ReadWrite.All BrowserSiteLists.ReadWrite.All Calendars.Read Calendars.Read.All
    Calendars.ReadWrite Calendars.ReadWrite.All CallAiInsights.Read.All CallDelegation.ReadWrite.All
    CallRecordings.Read.All CallTranscripts.Read.All Calls.AccessMedia.All Calls.Initiate.All
    Calls.InitiateGroupCall.All Calls.JoinGroupCall.All Calls.JoinGroupCallAsGuest.All Calls.ReportSyntheticMedia.All
    CaseManagement.Read.All CaseManagement.ReadWrite.All Channel.Create Channel.Delete.All ChannelMember.Read.All
    ChannelMember.ReadWrite.All ChannelMessage.Read.All ChannelMessage.UpdatePolicyViolation.All
    ChannelSettings.Read.All ChannelSettings.ReadWrite.All Chat.Create Chat.ManageDeletion.All Chat.Read.All
    Chat.Read.WhereInstalled Chat.ReadWrite.All Chat.ReadWrite.WhereInstalled Chat.UpdatePolicyViolation.All
    ChatMember.ReadWrite.All ChatMember.ReadWrite.WhereInstalled ChatMessage.Read.All CloudPC.ReadWrite.All
    Community.ReadWrite.All ConfigurationMonitoring.Read.All ConfigurationMonitoring.ReadWrite.All
    ConsentRequest.Read.All ConsentRequest.ReadWrite.All Contacts-OnPremisesSyncBehavior.ReadWrite.All Contacts.Read
    Contacts.ReadWrite Content.Process.All Contracts.Read.All CopilotPackages.ReadWrite.All CopilotPolicySettings.Read
    CopilotPolicySettings.ReadWrite CrossTenantUserProfileSharing.Read.All CrossTenantUserProfileSharing.ReadWrite.All
    CustomAuthenticationExtension.Read.All CustomAuthenticationExtension.ReadWrite.All CustomDetection.Read.All
    CustomDetection.ReadWrite.All CustomSecAttributeAssignment.Read.All CustomSecAttributeAuditLogs.Read.All
    CustomSecAttributeDefinition.Read.All CustomSecAttributeProvisioning.Read.All
    CustomSecAttributeProvisioning.ReadWrite.All CustomTags.Read.All CustomTags.ReadWrite.All
    DelegatedAdminRelationship.Read.All DelegatedAdminRelationship.ReadWrite.All DelegatedPermissionGrant.Read.All
    Device.ReadWrite.All DeviceLocalCredential.Read.All DeviceLocalCredential.ReadBasic.All
    DeviceManagementApps.Read.All DeviceManagementApps.ReadWrite.All DeviceManagementCloudCA.Read.All
    DeviceManagementCloudCA.ReadWrite.All DeviceManagementConfiguration.Read.All
    DeviceManagementDeploymentPlans.Read.All DeviceManagementDeploymentPlans.ReadWrite.All
    DeviceManagementManagedDevices.PrivilegedOperations.All DeviceManagementManagedDevices.Read.All
    DeviceManagementManagedDevices.ReadWrite.All DeviceManagementRBAC.Read.All DeviceManagementScripts.Read.All
    DeviceManagementServiceConfig.Read.All DeviceManagementServiceConfig.ReadWrite.All DeviceTemplate.Create
    DeviceTemplate.ReadWrite.All Directory.Read.All DirectoryRecommendations.Read.All
    DirectoryRecommendations.ReadWrite.All Domain-InternalFederation.Read.All Domain-InternalFederation.ReadWrite.All
    Domain.Read.All EduAdministration.ReadWrite.All EduAssignments.ReadWrite.All EduAssignments.ReadWriteBasic.All
    EduCurricula.ReadWrite.All EduRoster.ReadWrite.All EngagementConversation.Migration.All
    EngagementConversation.Read.All EngagementConversation.ReadWrite.All EngagementExport.Read.All
    EngagementRole.Read.All EngagementRole.ReadWrite.All EntitlementManagement.Read.All EntraBackup.Read.All
    EventListener.Read.All EventListener.ReadWrite.All ExchangeMessageTrace.Read.All ExternalConnection.Read.All
    ExternalConnection.ReadWrite.All ExternalConnection.ReadWrite.OwnedBy ExternalItem.Read.All
    ExternalItem.ReadWrite.All ExternalItem.ReadWrite.OwnedBy ExternalUserProfile.Read.All
    ExternalUserProfile.ReadWrite.All FileIngestion.Ingest FileIngestionHybridOnboarding.Manage Files.Read.All
    Files.ReadWrite.All Files.ReadWrite.AppFolder Group-Conversation.Read.All Group-Conversation.ReadWrite.All
    Group-NestingSupport.ReadWrite.All Group-OnPremisesSyncBehavior.ReadWrite.All Group.Create
    Group.ManageProtection.All Group.Read.All GroupMember.Read.All GroupSettings.Read.All GroupSettings.ReadWrite.All
    HealthMonitoringAlert.ReadWrite.All HealthMonitoringAlertConfig.ReadWrite.All IdentityNotifications.Read.All
    IdentityNotifications.ReadWrite.All IdentityProvider.Read.All IdentityProvider.ReadWrite.All
    IdentityRiskEvent.Read.All IdentityRiskEvent.ReadWrite.All IdentityRiskyAgent.Read.All
    IdentityRiskyAgent.ReadWrite.All IdentityRiskyServicePrincipal.Read.All IdentityRiskyServicePrincipal.ReadWrite.All
    IdentityRiskyUser.Read.All IdentityRiskyUser.ReadWrite.All IdentityUserFlow.Read.All IdentityUserFlow.ReadWrite.All
    IndustryData-DataConnector.Read.All IndustryData-DataConnector.ReadWrite.All IndustryData-DataConnector.Upload
    IndustryData-InboundFlow.Read.All IndustryData-InboundFlow.ReadWrite.All IndustryData-OutboundFlow.Read.All
    IndustryData-OutboundFlow.ReadWrite.All IndustryData-ReferenceDefinition.Read.All
    IndustryData-ReferenceDefinition.ReadWrite.All IndustryData-Run.Read.All IndustryData-Run.Start
    IndustryData-SourceSystem.Read.All IndustryData-SourceSystem.ReadWrite.All IndustryData-TimePeriod.Read.All
    IndustryData-TimePeriod.ReadWrite.All InformationProtectionContent.Sign.All InformationProtectionContent.Write.All
    LearningAssignedCourse.ReadWrite.All LearningContent.Read.All LearningContent.ReadWrite.All
    LearningSelfInitiatedCourse.ReadWrite.All LicenseAssignment.ReadWrite.All LifecyclePolicies-AgentId.Read.All
    LifecyclePolicies-AgentId.ReadWrite.All LifecycleWorkflows-CustomExt.ReadWrite.All
    LifecycleWorkflows-Workflow.Activate LifecycleWorkflows-Workflow.ReadWrite.All LifecycleWorkflows.Read.All
    LifecycleWorkflows.ReadWrite.All Mail-Advanced.ReadWrite.All Mail.Read Mail.ReadWrite Mail.Send
    MailboxConfigItem.ReadWrite MailboxFolder.ReadWrite.All MailboxItem.Export.All MailboxItem.ImportExport.All
    MailboxItem.Read.All MailboxItem.ReadWrite.All MailboxSettings.ReadWrite Member.Read.Hidden
    MultiTenantOrganization.Read.All MultiTenantOrganization.ReadWrite.All MutualTlsOauthConfiguration.Read.All
    MutualTlsOauthConfiguration.ReadWrite.All NetworkAccess-Reports.Read.All NetworkAccess.Read.All
    NetworkAccessBranch.ReadWrite.All NetworkAccessPolicy.ReadWrite.All Notes.Read.All Notes.ReadWrite.All
    OnPremDirectorySynchronization.Read.All OnPremDirectorySynchronization.ReadWrite.All
    OnPremisesPublishingProfiles.ReadWrite.All OnlineMeetingAiInsight.Read.All OnlineMeetingAiInsight.Read.Chat
    OnlineMeetingRecording.Read.All OnlineMeetingTranscript.Read.All OnlineMeetings.ReadWrite.All OrgContact.Read.All
    OrgSettings-AppsAndServices.Read.All OrgSettings-AppsAndServices.ReadWrite.All OrgSettings-DynamicsVoice.Read.All
    OrgSettings-DynamicsVoice.ReadWrite.All OrgSettings-Forms.Read.All OrgSettings-Forms.ReadWrite.All
    OrgSettings-Microsoft365Install.ReadWrite.All OrgSettings-Todo.Read.All OrgSettings-Todo.ReadWrite.All
    Organization.Read.All OrganizationalBranding.Read.All OrganizationalBranding.ReadWrite.All PartnerSecurity.Read.All
    PartnerSecurity.ReadWrite.All PendingExternalUserProfile.Read.All PendingExternalUserProfile.ReadWrite.All
    People.Read.All PeopleSettings.Read.All PeopleSettings.ReadWrite.All Place.Read.All Place.ReadWrite.All
    PlaceDevice.Read.All PlaceDevice.ReadWrite.All PlaceDeviceTelemetry.ReadWrite.All Policy.Read.All
    Policy.Read.AuthenticationMethod Policy.Read.B2BManagementPolicy Policy.Read.CrossTenantAccess
    Policy.Read.DeviceConfiguration Policy.Read.IdentityProtection Policy.Read.PermissionGrant Policy.Read.Recovery
    Policy.ReadWrite.AccessReview Policy.ReadWrite.ApplicationConfiguration Policy.ReadWrite.AuthenticationFlows
    Policy.ReadWrite.AuthenticationMethod Policy.ReadWrite.Authorization Policy.ReadWrite.B2BManagementPolicy
    Policy.ReadWrite.ConditionalAccess Policy.ReadWrite.ConsentRequest Policy.ReadWrite.CrossTenantAccess
    Policy.ReadWrite.CrossTenantCapability Policy.ReadWrite.DeviceConfiguration Policy.ReadWrite.ExternalIdentities
    Policy.ReadWrite.FeatureRollout Policy.ReadWrite.FedTokenValidation Policy.ReadWrite.IdentityProtection
    Policy.ReadWrite.Recovery Policy.ReadWrite.SecurityDefaults Policy.ReadWrite.TrustFramework
    PreAuthorizationGrant.Read.All Presence.ReadWrite.All PrintJob.Manage.All PrintJob.Read.All PrintJob.ReadWrite.All
    PrintJob.ReadWriteBasic.All PrintSettings.Read.All PrintTaskDefinition.ReadWrite.All Printer.Read.All
    Printer.ReadWrite.All PrivilegedAccess-CustomExt.Read.All PrivilegedAccess-CustomExt.ReadWrite.All
    PrivilegedAccess.Read.AzureAD PrivilegedAccess.Read.AzureADGroup PrivilegedAccess.Read.AzureResources
    PrivilegedAccess.ReadWrite.AzureAD PrivilegedAccess.ReadWrite.AzureResources
    PrivilegedAssignmentSchedule.Read.AzureADGroup PrivilegedAssignmentSchedule.Read.EntraAppRole
    PrivilegedAssignmentSchedule.ReadWrite.EntraAppRole PrivilegedAssignmentSchedule.Remove.AzureADGroup
    PrivilegedEligibilitySchedule.Read.AzureADGroup PrivilegedEligibilitySchedule.Read.EntraAppRole
    PrivilegedEligibilitySchedule.ReadWrite.EntraAppRole PrivilegedEligibilitySchedule.Remove.AzureADGroup
    ProfilePhoto.ReadWrite.All ProgramControl.Read.All ProgramControl.ReadWrite.All ProtectionScopes.Compute.All
    ProvisioningLog.Read.All PublicKeyInfrastructure.Read.All PublicKeyInfrastructure.ReadWrite.All
    PullPrintPrinter.Read.All RealTimeActivityFeed.Read.All RecordsManagement.Read.All RecordsManagement.ReadWrite.All
    RemoteTenantGroups.Read.All ReportSettings.Read.All ReportSettings.ReadWrite.All Reports.Read.All
    RiskPreventionProviders.Read.All RiskPreventionProviders.ReadWrite.All RoleAssignmentSchedule.Read.Directory
    RoleAssignmentSchedule.Remove.Directory RoleEligibilitySchedule.Read.Directory
    RoleEligibilitySchedule.Remove.Directory RoleManagement.Read.All RoleManagement.Read.CloudPC
    RoleManagement.Read.Defender RoleManagement.Read.Directory RoleManagement.Read.Exchange
    RoleManagement.ReadWrite.CloudPC RoleManagement.ReadWrite.Defender RoleManagement.ReadWrite.Exchange
    RoleManagementAlert.Read.Directory RoleManagementAlert.ReadWrite.Directory RoleManagementPolicy.Read.AzureADGroup
    RoleManagementPolicy.Read.Directory RoleManagementPolicy.Read.EntraAppRole
    RoleManagementPolicy.ReadWrite.AzureADGroup RoleManagementPolicy.ReadWrite.Directory
    RoleManagementPolicy.ReadWrite.EntraAppRole Schedule-WorkingTime.ReadWrite.All Schedule.Read.All
    Schedule.ReadWrite.All SchedulePermissions.ReadWrite.All SearchConfiguration.Read.All
    SearchConfiguration.ReadWrite.All SecurityActions.Read.All SecurityActions.ReadWrite.All SecurityAlert.Create.All
    SecurityAlert.Read.All SecurityAlert.ReadWrite.All SecurityAnalyzedMessage.Read.All
    SecurityAnalyzedMessage.ReadWrite.All SecurityEvents.Read.All SecurityEvents.ReadWrite.All
    SecurityIdentitiesAccount.Read.All SecurityIdentitiesActions.ReadWrite.All SecurityIdentitiesAutoConfig.Read.All
    SecurityIdentitiesAutoConfig.ReadWrite.All SecurityIdentitiesHealth.Read.All SecurityIdentitiesHealth.ReadWrite.All
    SecurityIdentitiesMigration.Read.All SecurityIdentitiesMigration.ReadWrite.All SecurityIdentitiesSensors.Read.All
    SecurityIdentitiesSensors.ReadWrite.All SecurityIdentitiesUserActions.Read.All
    SecurityIdentitiesUserActions.ReadWrite.All SecurityIncident.Read.All SecurityIncident.ReadWrite.All
    SensitivityLabel.Evaluate SensitivityLabel.Evaluate.All SentimentSurvey.Export.All ServiceActivity-Exchange.Read.All
    ServiceActivity-Microsoft365Web.Read.All ServiceActivity-OneDrive.Read.All ServiceActivity-Teams.Read.All
    ServiceHealth.Read.All ServiceMessage.Read.All ServicePrincipalEndpoint.Read.All
    ServicePrincipalEndpoint.ReadWrite.All SharePointCrossTenantMigration.Manage.All
    SharePointCrossTenantMigration.Read.All SharePointTenantSettings.Read.All SharePointTenantSettings.ReadWrite.All
    ShortNotes.Read.All ShortNotes.ReadWrite.All SignInIdentifier.Read.All Sites.Archive.All Sites.Create.All
    Sites.FullControl.All Sites.Manage.All Sites.Read.All Sites.ReadWrite.All SpiffeTrustDomain.Read.All
    SpiffeTrustDomain.ReadWrite.All Storyline.ReadWrite.All SubjectRightsRequest.Read.All
    SubjectRightsRequest.ReadWrite.All Synchronization.Read.All Synchronization.ReadWrite.All
    SynchronizationData-User.Upload Tasks.ReadWrite.All Team.Create TeamMember.Read.All TeamMember.ReadWrite.All
    TeamMember.ReadWriteNonOwnerRole.All TeamSettings.Read.All TeamSettings.ReadWrite.All TeamsActivity.Send
    TeamsAppInstallation.ManageSelectedForChat.All TeamsAppInstallation.ManageSelectedForTeam.All
    TeamsAppInstallation.ManageSelectedForUser.All TeamsAppInstallation.ReadWriteAndConsentForChat.All
    TeamsAppInstallation.ReadWriteAndConsentForTeam.All TeamsAppInstallation.ReadWriteAndConsentForUser.All
    TeamsAppInstallation.ReadWriteAndConsentSelfForChat.All TeamsAppInstallation.ReadWriteAndConsentSelfForTeam.All
    TeamsAppInstallation.ReadWriteAndConsentSelfForUser.All TeamsAppInstallation.ReadWriteForChat.All
    TeamsAppInstallation.ReadWriteForTeam.All TeamsAppInstallation.ReadWriteForUser.All
    TeamsAppInstallation.ReadWriteSelectedForChat.All TeamsAppInstallation.ReadWriteSelectedForTeam.All
    TeamsAppInstallation.ReadWriteSelectedForUser.All TeamsAppInstallation.ReadWriteSelfForChat.All
    TeamsAppInstallation.ReadWriteSelfForTeam.All TeamsAppInstallation.ReadWriteSelfForUser.All
    TeamsPolicyUserAssign.ReadWrite.All TeamsResourceAccount.Read.All TeamsTab.Create TeamsTab.Read.All
    TeamsTab.ReadWrite.All TeamsTab.ReadWriteForChat.All TeamsTab.ReadWriteForTeam.All TeamsTab.ReadWriteForUser.All
    TeamsTab.ReadWriteSelfForChat.All TeamsTab.ReadWriteSelfForTeam.All TeamsTab.ReadWriteSelfForUser.All
    TeamsTelephoneNumber.Read.All TeamsTelephoneNumber.ReadWrite.All TeamsUserConfiguration.Read.All
    Teamwork.Migrate.All Teamwork.Read.All TeamworkAppSettings.ReadWrite.All TeamworkCustomEmoji.Create.All
    TeamworkDevice.Read.All TeamworkDevice.ReadWrite.All TeamworkSection.ReadWrite.All TeamworkTag.ReadWrite.All
    TeamworkTargetedMessage.Read.All TenantGovernance-Invitation.Read.All TenantGovernance-PolicyTemplate.Read.All
    TenantGovernance-RelatedTenant.Read.All TenantGovernance-Relationship.Read.All TenantGovernance-Request.Read.All
    TenantGovernance-Setting.Read.All TermStore.Read.All TermStore.ReadWrite.All ThreatHunting.Read.All
    ThreatIndicators.Read.All ThreatIntelligence.Read.All ThreatSubmission.Read.All ThreatSubmission.ReadWrite.All
    ThreatSubmissionPolicy.ReadWrite.All TrustFrameworkKeySet.Read.All TrustFrameworkKeySet.ReadWrite.All
    User-ConvertToInternal.ReadWrite.All User-LifeCycleInfo.Read.All User-LifeCycleInfo.ReadWrite.All
    User-Mail.ReadWrite.All User-OnPremisesSyncBehavior.ReadWrite.All User-Phone.ReadWrite.All User.Create
    User.Export.All User.Invite.All User.ManageIdentities.All User.Read.All User.ReadUpdate.All
    User.ReadWrite.CrossCloud User.RevokeSessions.All UserAuthMethod-Email.Read.All UserAuthMethod-Email.ReadWrite.All
    UserAuthMethod-External.Read.All UserAuthMethod-External.ReadWrite.All UserAuthMethod-HardwareOATH.Read.All
    UserAuthMethod-MicrosoftAuthApp.Read.All UserAuthMethod-MicrosoftAuthApp.ReadWrite.All
    UserAuthMethod-Passkey.Read.All UserAuthMethod-Passkey.ReadWrite.All UserAuthMethod-Password.ReadWrite.All
    UserAuthMethod-PlatformCred.Read.All UserAuthMethod-PlatformCred.ReadWrite.All UserAuthMethod-QR.Read.All
    UserAuthMethod-ResourceKey.Read.All UserAuthMethod-ResourceKey.ReadWrite.All UserAuthMethod-SoftwareOATH.Read.All
    UserAuthMethod-SoftwareOATH.ReadWrite.All UserAuthMethod-TAP.Read.All UserAuthMethod-WindowsHello.Read.All
    UserAuthMethod-WindowsHello.ReadWrite.All UserAuthenticationMethod.Read.All UserShiftPreferences.ReadWrite.All
    VerifiedId-Profile.Read.All VirtualAppointment.ReadWrite.All VirtualAppointmentNotification.Send
    WindowsUpdates.Read.All WindowsUpdates.ReadWrite.All WorkforceIntegration.Read.All
    WorkforceIntegration.ReadWrite.All eDiscovery.Read.All eDiscovery.ReadWrite.All
    """,
    # The rest is critical as delegated scopes.
    "critical": f"""{" ".join(TIER_0[GRAPH_APP_ID])}
    CustomSecAttributeAssignment.ReadWrite.All CustomSecAttributeDefinition.ReadWrite.All
    DelegatedPermissionGrant.ReadWrite.All NetworkAccess.ReadWrite.All User.DeleteRestore.All
    User.EnableDisableAccount.All
    """,
}
_EXCHANGE_HIGH = """
    Calendars.Read Calendars.Read.All Calendars.ReadWrite.All Contacts.Read Contacts.ReadWrite Exchange.ManageAsApp
    Exchange.ManageAsAppV2 Mail.Read Mail.ReadWrite Mail.Send MailboxSettings.ReadWrite User.Read.All full_access_as_app
"""
# SMTP, IMAP and POP reach only the mailboxes that Exchange Online gives the app.
_EXCHANGE_MEDIUM = "IMAP.AccessAsApp MailboxSettings.Read POP.AccessAsApp SMTP.SendAsApp User.ReadBasic.All"
# User.* are SharePoint's own user profiles, not the directory's users.
_SHAREPOINT_HIGH = """
    Sites.FullControl.All Sites.Manage.All Sites.Read.All Sites.ReadWrite.All TermStore.Read.All TermStore.ReadWrite.All
    User.Read.All User.ReadWrite.All
"""
# Resource app id → app role → level.
OTHER_APIS: dict[str, dict[str, str]] = {
    AZURE_AD_GRAPH: dict.fromkeys(TIER_0[AZURE_AD_GRAPH], "critical")
    | dict.fromkeys(("Device.ReadWrite.All", "Directory.Read.All", "Member.Read.Hidden"), "high"),
    EXCHANGE_ONLINE: dict.fromkeys(_EXCHANGE_HIGH.split(), "high") | dict.fromkeys(_EXCHANGE_MEDIUM.split(), "medium"),
    SHAREPOINT_ONLINE: dict.fromkeys(_SHAREPOINT_HIGH.split(), "high")
    | dict.fromkeys(("Container.Selected", "Sites.Selected"), "medium"),
    OFFICE_365_MANAGEMENT: dict.fromkeys(("ActivityFeed.Read", "ActivityFeed.ReadDlp"), "high"),
}
